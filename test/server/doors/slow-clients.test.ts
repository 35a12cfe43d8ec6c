/** Clients that hold a connection and don't go on: cut in bounded time, while those that only look slow are served. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import {
  type ConnectionBounds,
  ConnectionLimit,
} from '../../../src/server/doors/connection-limit.ts';
import { type Listener, listen } from '../../../src/server/doors/listener.ts';
import { patienceOf } from '../../../src/server/doors/stalled-client.ts';
import { Closing } from '../../support/closing.ts';
import { type Certificate, certificateFor } from '../../support/listeners.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
afterEach(() => closing.close());

const PATIENCE_MS = 600;
const log = pino({ level: 'silent' });

interface Wish {
  readonly tls?: Certificate | undefined;
  readonly bounds?: ConnectionBounds;
  readonly stallMs?: number;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A real listener with short times, in front of `handle`. */
async function startListener(handle: Handle, { tls, bounds, stallMs = PATIENCE_MS }: Wish = {}) {
  const connections = new ConnectionLimit(log, bounds);
  const door = {
    request: async (request: IncomingMessage, response: ServerResponse) =>
      handle(request, response),
    upgrade: async (_: IncomingMessage, socket: { destroy(): unknown }) => void socket.destroy(),
  };
  const pace = { headersMs: 500, stallMs };
  const where = { host: '127.0.0.1', port: 0, ...(tls && { tls }) };
  const options = { ...where, door, log, connections, pace };
  return { listener: closing.use(await listen(options)), connections };
}

async function dial({ port }: Listener, text = '', tls?: Certificate): Promise<Socket> {
  const where = { port, host: '127.0.0.1' };
  const socket = tls ? connectTls({ ...where, rejectUnauthorized: false }) : connect(where);
  closing.defer(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

async function endOf(socket: Socket): Promise<{ text: string; ms: number }> {
  const startMs = performance.now();
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  return { text, ms: performance.now() - startMs };
}

test.each([
  ['nothing', ''],
  ['half a request line', 'GET /api'],
  ['headers, one letter at a time', 'GET / HTTP/1.1\r\nHost: x\r\n'],
])('who sends %s gets 408 and is cut', async (_what, text) => {
  const { listener } = await startListener((_, response) => response.end());
  const socket = await dial(listener, text);
  const drip = setInterval(() => socket.writable && socket.write('x'), 50);
  closing.defer(() => clearInterval(drip));
  if (text === '') clearInterval(drip);
  const { text: answer, ms } = await endOf(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(ms).toBeLessThan(10_000);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['the beginning of a hello', Buffer.from([22, 3, 1, 2, 0, 1, 0])],
])('who says %s where TLS is spoken is cut, and holds up nobody', async (_what, bytes) => {
  const tls = await certificateFor();
  const { listener } = await startListener((_request, response) => response.end(), { tls });
  const silent = await Promise.all(Array.from({ length: 50 }, () => dial(listener)));
  for (const socket of silent) socket.write(bytes);
  const ends = silent.map(endOf);
  const speaker = await dial(listener, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', tls);
  await once(speaker, 'data');
  for (const { ms } of await Promise.all(ends)) expect(ms).toBeLessThan(10_000);
});

test('who announces a body and stops sending is cut, however it was begun', async () => {
  const { listener } = await startListener((request) => request.resume());
  const socket = await dial(listener, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc');
  expect((await endOf(socket)).ms).toBeLessThan(10_000);
});

test.each(['TCP', 'TLS'])('who stops reading a big answer over %s is cut', async (line) => {
  let held: Socket | undefined;
  const tls = line === 'TLS' ? await certificateFor() : undefined;
  const handle: Handle = (request, response) => {
    held = request.socket;
    response.end(Buffer.alloc(64 << 20));
  };
  const { listener } = await startListener(handle, { tls });
  const socket = await dial(listener, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', tls);
  await once(socket, 'readable');
  await until(() => held?.destroyed);
  socket.resume();
  await once(socket, 'close');
  expect(socket.bytesRead).toBeLessThan(64 << 20);
});

test('who reads slowly but steadily gets everything', async () => {
  const size = 8 << 20;
  const stallMs = 8 * PATIENCE_MS;
  const handle: Handle = (_, response) => response.end(Buffer.alloc(size));
  const { listener } = await startListener(handle, { stallMs });
  const socket = await dial(listener, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let taken = 0;
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 40);
  });
  await once(socket, 'end');
  expect(taken).toBeGreaterThan(size);
}, 60_000);

test('waiting for an answer, or for an upload to be taken, is nobody standing still', async () => {
  const { listener } = await startListener((request, response) => {
    request.pause();
    setTimeout(() => request.resume().on('end', () => response.end('late')), 4 * PATIENCE_MS);
  });
  const body = 'x'.repeat(4 << 20);
  const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = await dial(listener, head + body);
  expect((await endOf(socket)).text).toMatch(/late$/);
});

test('strangers have so many connections and no more; who is known does not count', async () => {
  const bounds = { perNetwork: 3, inAll: 100 };
  const { listener, connections } = await startListener(
    (request, response) => {
      connections.prove(request.socket);
      response.end('welcome');
    },
    { bounds },
  );
  const held = [await dial(listener), await dial(listener), await dial(listener)];
  const fourth = await dial(listener);
  expect((await endOf(fourth)).text).toBe('');
  held[0]?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(held[0] as Socket, 'readable');
  const fifth = await dial(listener, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect((await endOf(fifth)).text).toMatch(/welcome$/);
});

test('more than 200 headers are 431, and none is dropped unseen', async () => {
  let seen = 0;
  const { listener } = await startListener((request, response) => {
    seen = request.rawHeaders.length / 2;
    response.end();
  });
  const headers = (count: number) =>
    Array.from({ length: count }, (_, at) => `a${at}: b\r\n`).join('');
  const get = (count: number) => `GET / HTTP/1.1\r\nConnection: close\r\n${headers(count)}\r\n`;
  const host = 'Host: x\r\n';
  const many = await dial(listener, get(198).replace('\r\na0', `\r\n${host}a0`));
  expect((await endOf(many)).text).toMatch(/^HTTP\/1\.1 200 /);
  expect(seen).toBe(200);
  const more = await dial(listener, get(199).replace('\r\na0', `\r\n${host}a0`));
  expect((await endOf(more)).text).toMatch(/^HTTP\/1\.1 431 /);
});

test.each([
  ['/api/endpoints', 60_000],
  ['/api/endpoints/1/docker/images/get?names=x', 300_000],
  ['/api/endpoints/1/docker/containers/json', 300_000],
  ['/api/endpoints/1/docker/v1.45/containers/web/logs?follow=1', 3_600_000],
  ['/api/endpoints/1/docker/events', 3_600_000],
  ['/api/endpoints/1/docker/containers/logs/json', 300_000],
])('a client may stand still in %s for %i ms', (url, ms) => {
  expect(patienceOf(url)).toBe(ms);
});
