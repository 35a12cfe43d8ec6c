/** Who comes with a right EDGE_KEY and an EDGE_ID of its own waits for a person's word; and two machines with one key. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LinkStatus } from '../../../src/protocol/link-api.ts';
import type { LinkedAgent } from '../../../src/server/fleet/switchboard.ts';
import { Closing } from '../../support/closing.ts';
import { type EdgeAgent, startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

const OWN_ID = 'an id that a web page made up';
/** A wait of nothing between two dials. */
const random = () => 0;

async function place(name: string) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  return { id: Number(body.Id), edgeKey: String(body.EdgeKey), edgeId: String(body.EdgeID) };
}

const statusOf = async (id: number): Promise<LinkStatus> =>
  (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;
const accept = (id: number, fingerprint: string) =>
  server.api('POST', `/api/fleet/environments/${id}/link/accept`, { fingerprint });

/** The link as the server has it, which is a moment later than the agent has it. */
async function plugged(id: number): Promise<LinkedAgent> {
  const { switchboard } = server.server.services.links;
  return await switchboard.whenLinked(id, { deadlineMs: 10_000 });
}

async function stranger(edgeKey: string): Promise<EdgeAgent> {
  const agent = closing.use(await startEdgeAgent({ edgeKey, edgeId: OWN_ID, random }));
  await agent.ended(/until then it waits/);
  return agent;
}

test('a stranger waits, is listed, and is in once its key is accepted', async () => {
  const { id, edgeKey } = await place('patient');
  const agent = await stranger(edgeKey);
  const { waiting, state } = await statusOf(id);
  expect([state, waiting.length]).toEqual(['waiting', 1]);
  expect(waiting[0]).toMatchObject({
    fingerprint: agent.fingerprint,
    address: '127.0.0.1',
    product: 'fleet-agent simulated',
  });
  const room = (await server.api('GET', '/api/fleet/waiting-room')).body;
  expect(room).toMatchObject([{ environmentId: id, name: 'patient' }]);
  expect((await accept(id, 'another key')).status).toBe(404);
  const answer = await accept(id, agent.fingerprint);
  expect(answer).toMatchObject({ status: 200, body: { agentFingerprint: agent.fingerprint } });
  await agent.linked();
  expect((await server.api('GET', '/api/fleet/waiting-room')).body).toEqual([]);
  expect((await accept(id, agent.fingerprint)).status).toBe(404);
});

test('a right EDGE_ID is not kept out by who waits, and ends their waiting', async () => {
  const { id, edgeKey, edgeId } = await place('taken');
  const waiting = await stranger(edgeKey);
  await using right = await startEdgeAgent({ edgeKey, edgeId, random });
  await right.linked();
  await waiting.ended(/held by another machine/);
  expect((await statusOf(id)).waiting).toEqual([]);
  expect((await accept(id, waiting.fingerprint)).status).toBe(404);
});

test('ten wait at most, and nobody waits where no agent is expected', async () => {
  const { id, edgeKey } = await place('popular');
  for (let count = 0; count < 12; count += 1) {
    await using agent = await startEdgeAgent({ edgeKey, edgeId: OWN_ID, random });
    await agent.ended(/until then it waits/);
  }
  expect((await statusOf(id)).waiting).toHaveLength(10);
  await server.api('DELETE', `/api/endpoints/${id}`);
  expect((await server.api('GET', '/api/fleet/waiting-room')).body).toEqual([]);
});

test('with TrustOnFirstConnect the first one is in at once, and only the first', async () => {
  expect((await server.api('GET', '/api/settings')).body).toMatchObject({
    TrustOnFirstConnect: false,
  });
  const wish = { TrustOnFirstConnect: true, LogoURL: 'ignored' };
  expect((await server.api('PUT', '/api/settings', wish)).status).toBe(200);
  const { edgeKey } = await place('trusting');
  await using first = await startEdgeAgent({ edgeKey, edgeId: OWN_ID, random });
  await first.linked();
  await using second = await startEdgeAgent({ edgeKey, edgeId: OWN_ID, random });
  await second.ended(/held by another machine/);
  await server.api('PUT', '/api/settings', { trustonfirstconnect: false });
  expect((await server.api('GET', '/api/settings')).body).toMatchObject({
    TrustOnFirstConnect: false,
  });
  expect((await server.api('PUT', '/api/settings', { TrustOnFirstConnect: 'yes' })).status).toBe(
    400,
  );
});

test('of two machines with one key the linked one stays, and both addresses are told', async () => {
  const { id, edgeKey, edgeId } = await place('twins');
  await using original = await startEdgeAgent({ edgeKey, edgeId, random });
  const link = await original.linked();
  await plugged(id);
  const { identity } = original;
  await using copy = await startEdgeAgent({ edgeKey, identity, random });
  const two = /Two machines have one key: .* linked from 127\.0\.0\.1, and 127\.0\.0\.1 came/;
  await copy.ended(two);
  await until(() => copy.ends.length >= 3);
  expect(original.link).toBe(link);
  expect(original.ends).toEqual([]);
  expect((await statusOf(id)).refused.at(-1)?.sentence).toMatch(two);
});

test('an agent that comes back before its old link was given up takes its place', async () => {
  const { id, edgeKey, edgeId } = await place('returned');
  await using frozen = await startEdgeAgent({ edgeKey, edgeId, random });
  const link = await frozen.linked();
  // A peer that is gone without a word: no ping is answered any more.
  Object.defineProperty((await plugged(id)).link, 'ping', {
    value: () => new Promise(() => undefined),
  });
  await using again = await startEdgeAgent({ edgeKey, identity: frozen.identity, random });
  await again.linked();
  await link.ended;
});
