/** Who may hold an edge environment: the first agent with the join secret, and nobody after it without its key. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatEdgeKey, parseEdgeKey } from '../../../src/link/edge-key.ts';
import { joinKey, joinProof } from '../../../src/link/join-proof.ts';
import { Closing } from '../../support/closing.ts';
import { startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 24 * 3_600_000;

const closing = new Closing();
let server: InProcessServer;
let skewMs = 0;
beforeAll(async () => {
  server = closing.use(await startInProcessServer({ now: () => Date.now() + skewMs }));
});
afterAll(() => closing.close());

interface Invited {
  readonly Id: number;
  readonly EdgeKey: string;
  readonly EdgeID: string;
}

async function invite(name: string): Promise<Invited> {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const answer = await server.api('POST', '/api/endpoints', wish);
  expect(answer.status).toBe(200);
  return answer.body;
}

const status = async (id: number) =>
  (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;

test('an edge environment is made, linked, shown, and its containers listed', async () => {
  const made = await invite('far');
  expect(made).toMatchObject({
    Type: 4,
    Status: 1,
    Heartbeat: false,
    LastCheckInDate: 0,
    URL: '127.0.0.1',
  });
  expect(made.EdgeID).toMatch(/^[0-9a-f]{32}$/);
  const key = parseEdgeKey(made.EdgeKey);
  expect(key).toMatchObject({
    url: server.url,
    environmentId: made.Id,
    tunnelAddress: '127.0.0.1:8000',
  });
  expect(await status(made.Id)).toMatchObject({
    state: 'waiting',
    agentFingerprint: null,
    isEdge: true,
  });
  await using agent = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: made.EdgeID });
  await agent.linked();
  await until(async () => (await status(made.Id)).state === 'up');
  const told = await status(made.Id);
  expect(told).toMatchObject({
    trust: 'link',
    agentFingerprint: agent.fingerprint,
    serverFingerprint: key.fingerprint,
    agentProduct: 'fleet-agent simulated',
    joinExpiresAtMs: null,
    refused: [],
  });
  expect(told.roundTripMs).toBeGreaterThan(0);
  const listed = await server.api('GET', `/api/endpoints/${made.Id}/docker/containers/json`);
  expect(listed.body).toHaveLength(2);
  const shown = (await server.api('GET', `/api/endpoints/${made.Id}`)).body;
  expect(shown).toMatchObject({ Heartbeat: true, EdgeKey: made.EdgeKey });
  expect(shown.EdgeID).toBeUndefined();
  expect(shown.LastCheckInDate).toBeGreaterThan(1_600_000_000);
  await until(async () => (await server.api('GET', `/api/endpoints/${made.Id}`)).body.Snapshots[0]);
});

test('a second machine with the same two values is refused and shown', async () => {
  const made = await invite('wanted-twice');
  await using first = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: made.EdgeID });
  const link = await first.linked();
  await using second = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: made.EdgeID });
  await second.ended(/held by another machine/);
  const { refused, agentFingerprint } = await status(made.Id);
  expect(refused[0]).toMatchObject({ code: 'forbidden', address: '127.0.0.1' });
  expect(agentFingerprint).toBe(first.fingerprint);
  expect(await link.ping()).toBeGreaterThan(0);
});

test('a wrong, an expired and a missing join secret are refused in words', async () => {
  const made = await invite('guarded');
  await using wrong = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: '0'.repeat(32) });
  await wrong.ended(/EDGE_ID is not the one/);
  await using none = await startEdgeAgent({ edgeKey: made.EdgeKey });
  await none.ended(/EDGE_ID is not the one/);
  skewMs = 8 * DAY_MS;
  await using late = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: made.EdgeID });
  await late.ended(/expired on \d{4}-\d\d-\d\d/);
  skewMs = 0;
  await late.linked();
});

test("an agent can't take another environment, nor one that isn't there", async () => {
  const mine = await invite('mine');
  const theirs = await invite('theirs');
  await using holder = await startEdgeAgent({ edgeKey: theirs.EdgeKey, edgeId: theirs.EdgeID });
  await holder.linked();
  const claim = (environmentId: number) =>
    startEdgeAgent({
      edgeKey: mine.EdgeKey,
      edgeId: mine.EdgeID,
      forge: (hello) => ({ ...hello, environmentId }),
    });
  await using thief = await claim(theirs.Id);
  await thief.ended(/"theirs" is held by another machine/);
  await using lost = await claim(9_999);
  await lost.ended(/no edge environment 9999/);
  expect((await status(theirs.Id)).refused[0]).toMatchObject({ code: 'forbidden' });
});

test('a proof that was made for another connection is worth nothing', async () => {
  const made = await invite('replayed');
  const recorded = joinProof(joinKey(made.EdgeID), Buffer.alloc(32, 7), 'agent');
  await using replay = await startEdgeAgent({
    edgeKey: made.EdgeKey,
    forge: (hello) => ({ ...hello, proof: recorded }),
  });
  await replay.ended(/EDGE_ID is not the one/);
  expect((await status(made.Id)).agentFingerprint).toBeNull();
});

test('a server with another key is refused by the agent', async () => {
  const made = await invite('misled');
  const edgeKey = formatEdgeKey({
    ...parseEdgeKey(made.EdgeKey),
    fingerprint: Buffer.alloc(32, 1).toString('base64'),
  });
  await using agent = await startEdgeAgent({ edgeKey, edgeId: made.EdgeID });
  await agent.ended(/another key than the EDGE_KEY names/);
  expect((await status(made.Id)).agentFingerprint).toBeNull();
});

test('a reset lets the old agent go and gives a new pair, once', async () => {
  const made = await invite('moved');
  await using old = await startEdgeAgent({ edgeKey: made.EdgeKey, edgeId: made.EdgeID });
  await old.linked();
  const reset = await server.api('DELETE', `/api/endpoints/${made.Id}/association`);
  expect(reset).toMatchObject({ status: 200, body: { Id: made.Id, EdgeKey: made.EdgeKey } });
  expect(reset.body.EdgeID).not.toBe(made.EdgeID);
  await old.ended(/EDGE_ID is not the one/);
  const fresh = { edgeKey: made.EdgeKey, edgeId: reset.body.EdgeID as string };
  await using next = await startEdgeAgent(fresh);
  await next.linked();
  expect((await status(made.Id)).agentFingerprint).toBe(next.fingerprint);
  expect((await server.api('DELETE', '/api/endpoints/9999/association')).status).toBe(404);
});

test('an address that agents can not use is refused', async () => {
  for (const URL of ['https://localhost:9443', 'fleet.example', 'ftp://x', 'https://a|b', '']) {
    const wish = { Name: `bad ${URL}`, EndpointCreationType: 4, URL };
    const answer = await server.api('POST', '/api/endpoints', wish);
    expect([URL, answer.status]).toEqual([URL, 400]);
  }
});
