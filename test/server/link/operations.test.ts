/** A change whose link breaks under it: the client is told the truth, and nothing is done twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type EdgeAgent, startEdgeAgent } from '../../support/edge-agent.ts';
import type { HttpsAnswer } from '../../support/https-call.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
let agent: EdgeAgent;
let id: number;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
  const wish = { Name: 'worked', EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  id = body.Id;
  agent = closing.use(await startEdgeAgent({ edgeKey: body.EdgeKey, edgeId: body.EdgeID }));
  await agent.linked();
  await until(() => server.server.services.model.environment(id)?.connection === 'up');
});
afterAll(() => closing.close());

const restart = (container: string, headers: Record<string, string> = {}): Promise<HttpsAnswer> =>
  server.signIn().then((token) =>
    server.call(`/api/endpoints/${id}/docker/v1.41/containers/${container}/restart`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, ...headers },
    }),
  );

/** Lets a change reach the agent, cuts the link under it, ends it there, and links again. */
async function cutUnder(call: Promise<HttpsAnswer>): Promise<HttpsAnswer> {
  const [, release] = await held(agent);
  agent.cut();
  await until(() => agent.link === undefined);
  release();
  await until(() => [...agent.outcomes.values()].every(({ state }) => state === 'ended'));
  agent.heal();
  return call;
}

let release: () => void = () => undefined;
function hold(): void {
  agent.engine.hold = new Promise((resolve) => {
    release = resolve;
  });
}

async function held(of: EdgeAgent): Promise<[number, () => void]> {
  await until(() => [...of.outcomes.values()].some(({ state }) => state === 'running'));
  return [of.outcomes.size, release];
}

const container = () => agent.engine.ids[0] ?? '';

test('a change carries an operation id to the agent and back', async () => {
  const answer = await restart(container());
  expect(answer.status).toBe(204);
  const operation = String(answer.headers['x-fleet-operation']);
  expect(agent.outcomes.get(operation)).toMatchObject({ state: 'ended', status: 204 });
  const own = await restart(container(), { 'X-Fleet-Operation': 'mine-1' });
  expect(own.headers['x-fleet-operation']).toBe('mine-1');
  const told = await server.api('GET', '/api/fleet/operations/mine-1');
  expect(told.body).toMatchObject({
    operationId: 'mine-1',
    environmentId: id,
    state: 'ended',
    status: 204,
  });
  expect((await server.api('GET', '/api/fleet/operations/nobody')).status).toBe(404);
  expect((await restart(container(), { 'X-Fleet-Operation': 'a b' })).status).toBe(400);
});

test('done while the link was away: the client gets the answer, and it was done once', async () => {
  const before = agent.engine.restarts.get(container()) ?? 0;
  hold();
  const answer = await cutUnder(restart(container()));
  expect(answer.status).toBe(204);
  expect(agent.engine.restarts.get(container())).toBe(before + 1);
});

test('failed while the link was away: the client gets the refusal in its words', async () => {
  hold();
  const answer = await cutUnder(restart('0123'));
  expect(answer).toMatchObject({ status: 404, body: { message: 'No such container' } });
});

test('never arrived: the client is told that nothing was done', async () => {
  hold();
  const call = restart(container());
  await held(agent);
  agent.cut();
  await until(() => agent.link === undefined);
  agent.outcomes.clear();
  agent.engine.hold = undefined;
  agent.heal();
  const answer = await call;
  expect(answer).toMatchObject({ status: 502 });
  expect(answer.body.details).toMatch(/Nothing was done/);
  release();
});

test('an agent that forgot everything is not taken to have done nothing', async () => {
  hold();
  const call = restart(container());
  await held(agent);
  agent.cut();
  await until(() => agent.link === undefined);
  agent.outcomes.clear();
  agent.journal = agent.newJournal();
  agent.heal();
  const answer = await call;
  expect(answer).toMatchObject({ status: 502 });
  expect(answer.body.message).toMatch(/nobody knows whether it was done/);
  release();
});

test('while it is away nothing is sent, and that is what is said', async () => {
  agent.cut();
  await until(() => server.server.services.model.environment(id)?.connection === 'down');
  const seen = agent.outcomes.size;
  const answer = await restart(container());
  expect(answer.status).toBe(502);
  expect(answer.body.details).toMatch(/not linked to this server right now/);
  agent.heal();
  await agent.linked();
  expect(agent.outcomes.size).toBe(seen);
});

test('not back in time: the client is told how to ask later, and then learns it', {
  timeout: 90_000,
}, async () => {
  hold();
  const call = restart(container(), { 'X-Fleet-Operation': 'late-1' });
  await held(agent);
  agent.cut();
  const answer = await call;
  expect(answer.status).toBe(504);
  expect(answer.body.details).toContain('/api/fleet/operations/late-1');
  expect((await server.api('GET', '/api/fleet/operations/late-1')).body.state).toBe('not-back');
  release();
  agent.heal();
  await agent.linked();
  await until(async () => {
    const { body } = await server.api('GET', '/api/fleet/operations/late-1');
    return body.state === 'ended' && body.status === 204;
  });
});
