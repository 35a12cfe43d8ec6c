/** What somebody can try who has seen, kept or half understood a handshake: none of it makes a link. */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { dialLink, EDGE_LINK_PATH } from '../../../src/link/dial.ts';
import { formatEdgeKey, parseEdgeKey } from '../../../src/link/edge-key.ts';
import type { AgentHello } from '../../../src/link/greeting.ts';
import { linkFromAgent } from '../../../src/link/link.ts';
import { Closing } from '../../support/closing.ts';
import { startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { throwAwayIdentity } from '../../support/link-pair.ts';
import { startRecordingRelay } from '../../support/recording-relay.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

async function invite(name: string) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  return { id: body.Id as number, edgeKey: body.EdgeKey as string, edgeId: body.EdgeID as string };
}

const status = async (id: number) =>
  (await server.api('GET', `/api/fleet/environments/${id}/link`)).body;

const throughRelay = (edgeKey: string, url: string) =>
  formatEdgeKey({ ...parseEdgeKey(edgeKey), url });

test('a recorded handshake that is played to the server again makes no link', async () => {
  const { id, edgeKey, edgeId } = await invite('recorded');
  await using relay = await startRecordingRelay(server.url);
  await using agent = await startEdgeAgent({ edgeKey: throughRelay(edgeKey, relay.url), edgeId });
  await agent.linked();
  await until(async () => (await status(id)).state === 'up');
  const { sinceMs, agentFingerprint } = await status(id);
  const socket = new WebSocket(server.url + EDGE_LINK_PATH, { rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  for (const data of [...relay.toServer]) socket.send(data);
  await closed;
  expect(await status(id)).toMatchObject({ state: 'up', sinceMs, agentFingerprint });
});

test('what a server said once makes nobody a server', async () => {
  const { edgeKey, edgeId } = await invite('overheard');
  await using relay = await startRecordingRelay(server.url);
  await using agent = await startEdgeAgent({ edgeKey: throughRelay(edgeKey, relay.url), edgeId });
  await agent.linked();
  const { length: before } = agent.hellos;
  relay.playServer();
  const failed = (end: { upMs: number }) => end.upMs === 0;
  await agent.until(() => agent.ends.some(failed));
  expect(agent.hellos).toHaveLength(before);
  expect(agent.link).toBeUndefined();
});

test('a proof that holds on its own connection holds on no other', async () => {
  const { id, edgeKey, edgeId } = await invite('relayed');
  let proof: string | undefined;
  // Refused, so that the environment stays open to whoever proves that he knows the secret.
  const forge = (hello: AgentHello) => {
    proof = hello.proof;
    return { ...hello, environmentId: 4711 };
  };
  await using honest = await startEdgeAgent({ edgeKey, edgeId, forge });
  await honest.ended(/no edge environment 4711/);
  expect(proof).toMatch(/=$/);
  const relayed = (hello: AgentHello) => ({ ...hello, ...(proof !== undefined && { proof }) });
  await using thief = await startEdgeAgent({ edgeKey, forge: relayed });
  await thief.ended(/EDGE_ID is not the one/);
  expect((await status(id)).agentFingerprint).toBeNull();
});

/** An agent up to the hello, which `speak` says in its place; resolves with how many milliseconds the link lasted. */
async function lasts(speak: (stream: Duplex) => void): Promise<number> {
  const dial = { url: server.url, path: EDGE_LINK_PATH, verify: false } as const;
  const pipe = await dialLink(dial, new AbortController().signal);
  pipe.on('error', () => undefined);
  const parts = { identity: await throwAwayIdentity(), checkPeer: () => undefined };
  const link = await linkFromAgent(pipe, parts, (stream) => {
    stream.on('error', () => undefined).resume();
    speak(stream);
  });
  const startMs = performance.now();
  await link.ended;
  return performance.now() - startMs;
}

const said = (sentence: string) => server.logged.some((line) => line.includes(sentence));

test('a hello that is cut off in the middle ends the link', async () => {
  const hello = JSON.stringify({ versions: [1], product: 'half', atMs: 1, environmentId: 1 });
  expect(await lasts((stream) => stream.end(hello.slice(0, 30)))).toBeLessThan(9_000);
});

test('a hello that does not come in time ends the link', async () => {
  const lastedMs = await lasts(() => undefined);
  expect(lastedMs).toBeGreaterThan(8_000);
  expect(lastedMs).toBeLessThan(15_000);
  await until(() => said('did not say hello in time'));
}, 30_000);
