/** A revoked API key: every stream that lives on it ends within a second, and nothing new is let in. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine } from '../../support/engine.ts';
import { holdStream } from '../../support/held-stream.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';

const WITHIN_MS = 1_000;
const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'rk' }));
  const script = 'while true; do echo tick; sleep 0.1; done';
  await engine.docker('run', '-d', '--init', '--name', 'talks', 'busybox', 'sh', '-c', script);
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
});
afterAll(() => closing.close());

async function makeKey() {
  const body = { password: ADMIN_PASSWORD, description: 'a console' };
  const made = await server.api('POST', '/api/users/1/tokens', body);
  return { id: made.body.apiKey.id as number, headers: { 'x-api-key': made.body.rawAPIKey } };
}

async function feed(headers: Record<string, string>) {
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  const ended = once(socket, 'close').then(([code]) => ({ code, atMs: performance.now() }));
  await once(socket, 'message');
  return { ended };
}

test('log streams, event streams and the feed end within a second; others go on', async () => {
  const key = await makeKey();
  const other = await makeKey();
  const logs = '/containers/talks/logs?follow=1&stdout=1&timestamps=1';
  const streams = await Promise.all([
    holdStream(server.url, logs, key.headers),
    holdStream(server.url, '/events', key.headers),
    holdStream(server.url, '/containers/talks/stats?stream=1', key.headers),
  ]);
  const told = await feed(key.headers);
  const spared = await holdStream(server.url, logs, other.headers);
  expect((await server.api('DELETE', `/api/users/1/tokens/${key.id}`)).status).toBe(204);
  const fromMs = performance.now();
  for (const { ended } of streams) expect((await ended) - fromMs).toBeLessThan(WITHIN_MS);
  const end = await told.ended;
  expect(end.code).toBe(4001);
  expect(end.atMs - fromMs).toBeLessThan(WITHIN_MS);
  const still = Promise.race([spared.ended, Promise.resolve('flows')]);
  expect(await still).toBe('flows');
  const again = await server.call('/api/endpoints/1/docker/info', { headers: key.headers });
  expect(again.status).toBe(401);
});
