/** The server changes its own link key: everybody who trusted the old one comes to trust the new one, and nobody else does. */
import { afterEach, expect, test } from 'vitest';
import type { ServerKeyState } from '../../../src/protocol/link-api.ts';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { startEdgeAgent } from '../../support/link-agent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 24 * 3_600_000;

let closing = new Closing();
afterEach(async () => {
  await closing.close();
  closing = new Closing();
});

/** An environment, and an agent for it with a data folder that outlives it. */
async function invited(server: InProcessServer, name: string) {
  const wish = { Name: name, EndpointCreationType: 4, URL: server.url };
  const { body } = await server.api('POST', '/api/endpoints', wish);
  const { path } = closing.use(await temporaryFolder());
  const env = { EDGE_KEY: String(body.EdgeKey), EDGE_ID: String(body.EdgeID), DATA_PATH: path };
  return { id: Number(body.Id), start: () => startEdgeAgent(env) };
}

const stateOf = async (server: InProcessServer): Promise<ServerKeyState> =>
  (await server.api('GET', '/api/fleet/link-key')).body;
const change = (server: InProcessServer) => server.api('POST', '/api/fleet/link-key/rotate');

/** Under which of the server's keys the environment is linked. */
function shown({ server }: InProcessServer, id: number): string | undefined {
  return server.services.links.switchboard.linked(id)?.serverFingerprint;
}

test('on demand: linked agents follow at once, those away when they are back, unused EDGE_KEYs stay good', async () => {
  const server = closing.use(await startInProcessServer());
  const old = (await stateOf(server)).fingerprint;
  const [here, away, late] = [
    await invited(server, 'here'),
    await invited(server, 'away'),
    await invited(server, 'late'),
  ];
  closing.use(await here.start());
  const first = await away.start();
  await until(() => shown(server, here.id) === old && shown(server, away.id) === old);
  await first[Symbol.asyncDispose]();
  await until(() => shown(server, away.id) === undefined);

  const { status, body } = await change(server);
  expect([status, body.previousFingerprint]).toEqual([200, old]);
  const { fingerprint } = body as ServerKeyState;
  await until(() => shown(server, here.id) === fingerprint);
  await until(async () => (await stateOf(server)).waitingFor.length === 2);
  expect((await stateOf(server)).waitingFor).toEqual([away.id, late.id]);
  expect(await change(server)).toMatchObject({ status: 409 });

  for (const one of [away, late]) {
    closing.use(await one.start());
    await until(() => shown(server, one.id) === fingerprint);
  }
  await until(async () => (await stateOf(server)).previousFingerprint === null);
  expect((await change(server)).status).toBe(200);
  await until(async () => (await stateOf(server)).previousFingerprint === null);
});

test('an agent that starts anew with the EDGE_KEY of before knows the server still', async () => {
  const server = closing.use(await startInProcessServer());
  const { id, start } = await invited(server, 'anew');
  const first = await start();
  await until(() => shown(server, id) !== undefined);
  const { fingerprint } = (await change(server)).body as ServerKeyState;
  await until(async () => (await stateOf(server)).previousFingerprint === null);
  await first[Symbol.asyncDispose]();
  await until(() => shown(server, id) === undefined);
  closing.use(await start());
  await until(() => shown(server, id) === fingerprint);
});

test('an EDGE_KEY that nobody used in time goes with the old key, and the agent says whose key it saw', async () => {
  let nowMs = Date.now();
  const server = closing.use(await startInProcessServer({ now: () => nowMs }));
  const { start } = await invited(server, 'forgotten');
  await change(server);
  nowMs += 8 * DAY_MS;
  await server.server.services.serverKeyChange.look();
  expect(server.server.services.links.keys.previous).toBeUndefined();
  const agent = closing.use(await start());
  await agent.says(/is not the server that the EDGE_KEY names/);
});

test('on schedule: after thirty days, and not before', async () => {
  let nowMs = Date.now();
  const server = closing.use(await startInProcessServer({ now: () => nowMs }));
  const { serverKeyChange, links } = server.server.services;
  const { fingerprint } = links.keys.current;
  nowMs += 29 * DAY_MS;
  await serverKeyChange.look();
  expect(links.keys.current.fingerprint).toBe(fingerprint);
  nowMs += 2 * DAY_MS;
  await serverKeyChange.look();
  expect(links.keys.current.fingerprint).not.toBe(fingerprint);
});

test('who stays away for ninety days must join anew', async () => {
  let nowMs = Date.now();
  const server = closing.use(await startInProcessServer({ now: () => nowMs }));
  const { id, start } = await invited(server, 'lost');
  const agent = await start();
  await until(() => shown(server, id) !== undefined);
  await agent[Symbol.asyncDispose]();
  await until(() => shown(server, id) === undefined);
  await change(server);
  nowMs += 89 * DAY_MS;
  const { serverKeyChange } = server.server.services;
  await serverKeyChange.look();
  expect(serverKeyChange.waitingFor).toEqual([id]);
  nowMs += 2 * DAY_MS;
  await serverKeyChange.look();
  expect(serverKeyChange.waitingFor).toEqual([]);
});
