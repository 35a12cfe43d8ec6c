/** Keys change over the running link; both are good until the agent has come with the new one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotateAgentKey } from '../../../src/server/fleet/rotation.ts';
import { Closing } from '../../support/closing.ts';
import { startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

async function linked(name: string) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  const { Id: id, EdgeKey: edgeKey, EdgeID: edgeId } = body;
  const agent = await startEdgeAgent({ edgeKey, edgeId });
  await agent.linked();
  return { id: id as number, agent, edgeKey: edgeKey as string };
}

const status = async (id: number) =>
  (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;

test('on demand: the agent is back with its new key, and the old one is worth nothing', async () => {
  const { id, agent, edgeKey } = await linked('turned');
  await using _ = agent;
  const { identity, fingerprint } = agent;
  const answer = await server.api('POST', `/api/fleet/environments/${id}/rotate`);
  expect(answer).toMatchObject({ status: 200, body: { agentFingerprint: fingerprint } });
  await until(async () => (await status(id)).agentFingerprint === agent.fingerprint);
  expect(agent.fingerprint).not.toBe(fingerprint);
  expect((await status(id)).rotatedAtMs).toBeGreaterThan(0);
  await using thief = await startEdgeAgent({ edgeKey, identity });
  await thief.ended(/held by another machine/);
  await until(async () => (await status(id)).state === 'up');
});

test('an agent that falls back to its old key before it used the new one is let in', async () => {
  const { id, agent } = await linked('hesitant');
  await using _ = agent;
  const { identity, fingerprint } = agent;
  await server.server.services.links.book.offerNext(id, 'A'.repeat(43).concat('='));
  agent.cut();
  agent.heal();
  await agent.linked();
  expect(agent.identity).toBe(identity);
  expect((await status(id)).agentFingerprint).toBe(fingerprint);
});

test('asked again before the agent came with its next key, no other key takes that one’s place', async () => {
  const { id, agent } = await linked('pressed');
  await using _ = agent;
  const { book, switchboard } = server.server.services.links;
  const { log } = server.server.services;
  const parts = { book, switchboard, log, now: Date.now, isQuiet: () => false };
  const { signal } = new AbortController();
  await until(() => switchboard.linked(id) !== undefined);
  await rotateAgentKey(parts, { id }, signal);
  const promised = book.get(id).nextFingerprint;
  expect(promised).toBe(agent.fingerprint);
  await rotateAgentKey(parts, { id }, signal);
  expect(book.get(id).nextFingerprint).toBe(promised);
  agent.cut();
  agent.heal();
  await until(async () => (await status(id)).agentFingerprint === promised);
});

test('an offer that the agent has lost is replaced by its next one', async () => {
  const { id, agent } = await linked('forgetful');
  await using _ = agent;
  const lost = 'A'.repeat(43).concat('=');
  await until(async () => (await status(id)).state === 'up');
  await server.server.services.links.book.offerNext(id, lost);
  expect((await server.api('POST', `/api/fleet/environments/${id}/rotate`)).status).toBe(200);
  await until(async () => (await status(id)).rotatedAtMs !== null);
  expect((await status(id)).agentFingerprint).toBe(agent.fingerprint);
  expect(agent.fingerprint).not.toBe(lost);
});

test('without a link there is nothing to rotate', async () => {
  const { id, agent } = await linked('gone');
  await agent[Symbol.asyncDispose]();
  await until(() => server.server.services.links.switchboard.linked(id) === undefined);
  const answer = await server.api('POST', `/api/fleet/environments/${id}/rotate`);
  expect(answer.status).toBe(502);
  expect((await server.api('POST', '/api/fleet/environments/9999/rotate')).status).toBe(404);
});
