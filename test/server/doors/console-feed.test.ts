/** The console's feed over a real WebSocket: snapshot, changes in order, and every way it ends. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Container } from '../../../src/protocol/container.ts';
import {
  type FeedMessage,
  type FeedSnapshot,
  feedMessageSchema,
} from '../../../src/protocol/feed.ts';
import { FEED_PARTS_HEADER, FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';
import { bigSnapshot } from '../../support/sample-fleet.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'c3' }));
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
});
afterAll(() => closing.close());

function dial(headers: Record<string, string>, from = server): WebSocket {
  const url = `${from.url.replace('https:', 'wss:')}${FEED_PATH}`;
  return new WebSocket(url, { headers, rejectUnauthorized: false });
}

/** A console that checks every message against the contract and keeps them. */
async function listen(headers: Record<string, string>, from = server) {
  const socket = dial(headers, from);
  const messages: FeedMessage[] = [];
  const closed = once(socket, 'close').then(([code]) => code as number);
  socket.on('message', (data, isBinary) => {
    expect(isBinary).toBe(false);
    messages.push(feedMessageSchema.parse(JSON.parse(String(data))));
  });
  await once(socket, 'open');
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(socket, 'message');
  };
  return { socket, messages, closed, until };
}

const asAdmin = async (from = server) => ({ Authorization: `Bearer ${await from.signIn()}` });

test('a console hears the snapshot, then what happens, in order', async () => {
  const feed = await listen(await asAdmin());
  await feed.until(() => feed.messages.length > 0);
  expect(feed.messages[0]).toMatchObject({
    kind: 'snapshot',
    environments: [{ id: 1, name: 'local' }],
  });
  expect(feed.socket.extensions).toBe('');

  await engine.docker(
    'run',
    '-d',
    '--name',
    'fresh',
    '--stop-timeout',
    '1',
    'busybox',
    'sleep',
    '999',
  );
  const changes = () =>
    feed.messages.flatMap((message) => (message.kind === 'changes' ? message.changes : []));
  const fresh = () =>
    changes().findLast(
      (change) => change.kind === 'container' && change.container.name === 'fresh',
    );
  await feed.until(() => fresh()?.kind === 'container');
  await engine.docker('rm', '-f', 'fresh');
  await feed.until(() => changes().some((change) => change.kind === 'container-gone'));
  const sequences = feed.messages
    .filter((message) => message.kind !== 'beat')
    .map((message) => message.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
  feed.socket.close();
  await feed.closed;
});

test('a host that goes away is told with its reason, and a rename with its new name', async () => {
  const feed = await listen({ 'X-API-Key': await apiKey() });
  const environments = () =>
    feed.messages.flatMap((message) => {
      if (message.kind === 'snapshot') return message.environments;
      if (message.kind !== 'changes') return [];
      return message.changes.flatMap((one) =>
        one.kind === 'environment' ? [one.environment] : [],
      );
    });
  await feed.until(() => environments().at(-1)?.connection === 'up');
  await engine.stop();
  await feed.until(() => environments().at(-1)?.connection === 'down');
  expect(environments().at(-1)?.reason).toContain(engine.socketPath);
  await server.api('PUT', '/api/endpoints/1', { Name: 'renamed' });
  await feed.until(() => environments().at(-1)?.name === 'renamed');
  await engine.start();
  await server.api('POST', '/api/endpoints/1/snapshot');
  await feed.until(() => environments().at(-1)?.connection === 'up');
  expect(environments().at(-1)?.name).toBe('renamed');
  feed.socket.close();
});

async function apiKey(): Promise<string> {
  const wish = { password: ADMIN_PASSWORD, description: 'feed' };
  return (await server.api('POST', '/api/users/1/tokens', wish)).body.rawAPIKey;
}

test('without a credential there is no feed', async () => {
  const refused = async (headers: Record<string, string>) => {
    const socket = dial(headers);
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return response.statusCode;
  };
  expect(await refused({})).toBe(401);
  expect(await refused({ 'X-API-Key': 'ptr_x' })).toBe(401);
});

test('the feed ends with its session, its API key, and the server', async () => {
  const session = await asAdmin();
  const bySession = await listen(session);
  await server.call('/api/auth/logout', { method: 'POST', headers: session });
  expect(await bySession.closed).toBe(4001);

  const byKey = await listen({ 'X-API-Key': await apiKey() });
  for (const { id } of (await server.api('GET', '/api/users/1/tokens')).body) {
    await server.api('DELETE', `/api/users/1/tokens/${id}`);
  }
  expect(await byKey.closed).toBe(4001);

  const other = await startInProcessServer();
  const byServer = await listen(await asAdmin(other), other);
  const startMs = performance.now();
  await other[Symbol.asyncDispose]();
  expect(await byServer.closed).toBe(1001);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test('a console that does not read is cut, and the others hear on', async () => {
  await using own = await startInProcessServer();
  const { model } = own.server.services;
  await own.server.services.environments.adopt({ name: 'e', type: 1, url: 'unix:///nowhere' });
  const slow = await listen(await asAdmin(own), own);
  const quick = await listen(await asAdmin(own), own);
  slow.socket.pause();
  quick.socket.removeAllListeners('message');
  const heavy = {
    environmentId: 1,
    id: 'a',
    labels: { big: 'x'.repeat(2 << 20) },
  } as unknown as Container;
  for (let round = 0; round < 60; round += 1) {
    const told = once(quick.socket, 'message');
    model.apply([{ kind: 'container', container: heavy }]);
    await told;
  }
  slow.socket.removeAllListeners('message');
  slow.socket.on('error', () => undefined);
  slow.socket.resume();
  // 4008 when it reads on within two seconds of the cut, else the connection is simply gone.
  expect([4008, 1006]).toContain(await slow.closed);
  quick.socket.terminate();
});

test('a large fleet leaves in parts for a console that takes them, whole for any other', async () => {
  await using large = await startInProcessServer();
  const { environments, containers } = bigSnapshot(2_500, 50) as FeedSnapshot;
  const { model } = large.server.services;
  model.apply(environments.map((environment) => ({ kind: 'environment', environment }) as const));
  model.apply(containers.map((container) => ({ kind: 'container', container }) as const));
  const frames = async (headers: Record<string, string>) => {
    const socket = dial({ ...(await asAdmin(large)), ...headers }, large);
    const kinds: [string, number][] = [];
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      kinds.push([frame.kind, frame.containers?.length]);
    });
    while (!kinds.some(([kind]) => kind === 'snapshot')) await once(socket, 'message');
    socket.terminate();
    return kinds;
  };
  expect(await frames({})).toEqual([['snapshot', 2_500]]);
  expect(await frames({ [FEED_PARTS_HEADER]: '1' })).toEqual([
    ['part', 1_000],
    ['part', 1_000],
    ['snapshot', 500],
  ]);
});
