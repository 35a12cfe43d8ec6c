/** An engine that is away is a state: the agent starts without it, says so, and serves when it is there. */
import { expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';
import { startEngine } from '../support/engine.ts';

const WAIT = { timeout: 20_000, interval: 100 };

test('an engine stops and comes back', async () => {
  await using engine = await startEngine({ version: 'new', name: 'away' });
  await using agent = await startAgent(engine);
  const client = new AgentClient(agent);
  const health = () => client.call('/health', { isUnsigned: true });
  expect((await health()).json()).toMatchObject({
    status: 'ok',
    docker: { reachable: true, address: `unix://${engine.socketPath}` },
  });
  await engine.stop();
  const asked = await client.call('/containers/json');
  expect(asked.status).toBe(500);
  expect(asked.json()).toMatchObject({
    message: 'Unable to proxy the request via the Docker socket',
    details: expect.stringContaining(engine.socketPath),
  });
  await expect.poll(async () => (await health()).status, WAIT).toBe(503);
  expect((await health()).json()).toMatchObject({
    status: 'no-docker',
    docker: { reachable: false, reason: expect.stringContaining('Is Docker running?') },
    since: expect.stringMatching(/^20\d\d-.*Z$/),
  });
  await engine.start();
  await expect.poll(async () => (await health()).status, WAIT).toBe(200);
  expect((await client.call('/containers/json')).status).toBe(200);
  expect(agent.log().match(/does not answer/g)).toHaveLength(1);
});

test('an agent starts before its engine does', async () => {
  await using engine = await startEngine({ version: 'old', name: 'late' });
  await engine.stop();
  await using agent = await startAgent(engine);
  const client = new AgentClient(agent);
  expect((await client.call('/ping', { isUnsigned: true })).status).toBe(204);
  expect((await client.call('/health', { isUnsigned: true })).status).toBe(503);
  await engine.start();
  await agent.says('The Docker engine answers.');
  expect((await client.call('/info')).status).toBe(200);
});
