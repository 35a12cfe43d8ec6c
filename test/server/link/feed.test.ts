/** An agent's feed through cuts: nothing is missed, nothing flickers, and what can't be had any more is said. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Container } from '../../../src/protocol/container.ts';
import type { Environment } from '../../../src/protocol/environment.ts';
import { Closing } from '../../support/closing.ts';
import { type EdgeAgent, fakeContainer, startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

interface Watched extends AsyncDisposable {
  readonly id: number;
  readonly agent: EdgeAgent;
  readonly environment: () => Environment;
  readonly names: () => string[];
  /** Every connection the environment has had, in order, as the console's feed told it. */
  readonly connections: string[];
}

async function watched(name: string, options = {}): Promise<Watched> {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  const id = body.Id as number;
  const { model } = server.server.services;
  const connections: string[] = [];
  const end = model.subscribe((message) => {
    if (message.kind !== 'changes') return;
    for (const change of message.changes) {
      if (change.kind !== 'environment' || change.environment.id !== id) continue;
      if (connections.at(-1) !== change.environment.connection)
        connections.push(change.environment.connection);
    }
  });
  const agent = await startEdgeAgent({
    edgeKey: body.EdgeKey,
    edgeId: body.EdgeID,
    random: () => 0.1,
    ...options,
  });
  const environment = () => model.environment(id) as Environment;
  await agent.linked();
  await until(() => environment().connection === 'up');
  return {
    id,
    agent,
    environment,
    connections,
    names: () => [...model.containersOf(id)].map((container) => container.name).sort(),
    async [Symbol.asyncDispose]() {
      end();
      await agent[Symbol.asyncDispose]();
    },
  };
}

const added = (letter: string): { kind: 'container'; container: Container } => ({
  kind: 'container',
  container: fakeContainer(letter.repeat(64), `new-${letter}`),
});

test('changes arrive as they happen, under our number of the environment', async () => {
  await using here = await watched('told');
  const { agent, names, environment, id } = here;
  agent.journal.tell([added('a')]);
  await until(() => names().includes('new-a'));
  const containers = [...server.server.services.model.containersOf(id)];
  expect(new Set(containers.map(({ environmentId }) => environmentId))).toEqual(new Set([id]));
  expect(environment()).toMatchObject({ id, name: 'told', kind: 'edge-agent' });
  agent.journal.setConnection('down', 'Docker is away.');
  await until(() => environment().connection === 'down');
  expect(environment().reason).toBe('Docker is away.');
  agent.journal.setConnection('up', null);
  await until(() => environment().connection === 'up');
});

test('after a short cut the feed goes on without a hole, and nobody sees a flicker', async () => {
  await using here = await watched('short');
  const { agent, names, connections } = here;
  const own = names();
  agent.journal.tell([added('a')]);
  await until(() => names().includes('new-a'));
  agent.cut();
  agent.journal.tell([added('b')]);
  agent.journal.tell([{ kind: 'container-gone', environmentId: 0, id: 'a'.repeat(64) }]);
  await agent.ended(/cut|closed/);
  agent.heal();
  await until(() => names().join() === `${own.join()},new-b`);
  expect(agent.journal.asked.at(-1)).toMatch(/feed=.+&sequence=1/);
  expect(connections.filter((connection) => connection === 'down')).toEqual([]);
});

test('a longer cut makes it down with the reason, and up again', async () => {
  await using here = await watched('long');
  const { agent, names, environment, id } = here;
  const cutAtMs = Date.now();
  agent.cut();
  await until(() => environment().connection === 'down');
  const downAfterMs = Date.now() - cutAtMs;
  expect(downAfterMs).toBeGreaterThan(1_500);
  expect(downAfterMs).toBeLessThan(4_000);
  expect(Math.abs(environment().sinceMs - cutAtMs)).toBeLessThan(1_000);
  expect(environment().reason).toMatch(/connection was cut/i);
  const answer = await server.api('GET', `/api/endpoints/${id}/docker/info`);
  expect(answer.status).toBe(502);
  expect(answer.body.details).toMatch(/not linked to this server right now/);
  agent.journal.tell([added('c')]);
  agent.heal();
  await until(() => names().includes('new-c'));
  expect(environment().connection).toBe('up');
  const { body } = await server.api('GET', `/api/fleet/environments/${id}/link`);
  expect(body.ends.some(({ side }: { side: string }) => side === 'server')).toBe(true);
  await until(async () => {
    const { ends } = (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;
    return ends.some((end: { side: string; sentence: string }) => end.side === 'agent');
  });
});

test('changes that the agent could not keep are missed in words, not in silence', async () => {
  await using here = await watched('gap', { journalLimit: 2 });
  const { agent, names, id } = here;
  agent.journal.tell([added('a')]);
  await until(() => names().includes('new-a'));
  agent.cut();
  for (const letter of ['b', 'c', 'd', 'e']) agent.journal.tell([added(letter)]);
  agent.heal();
  await until(() => names().includes('new-e'));
  expect(names()).toEqual(expect.arrayContaining(['new-a', 'new-b', 'new-c', 'new-d', 'new-e']));
  const { ends } = (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;
  expect(ends.at(-1).sentence + ends.at(-2)?.sentence).toMatch(/some changes were not told/);
});

test('an agent that started anew is listened to from its beginning', async () => {
  await using here = await watched('anew');
  const { agent, names, environment } = here;
  agent.cut();
  agent.journal = agent.newJournal();
  agent.journal.tell([added('f')]);
  agent.heal();
  await until(() => names().includes('new-f'));
  expect(environment().connection).toBe('up');
});
