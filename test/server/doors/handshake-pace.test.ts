/** A crowd at the HTTPS port: handshakes begin a few at a time, in order, and who is silent holds up nobody. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { expect, test, vi } from 'vitest';
import { paceHandshakes } from '../../../src/server/doors/handshake-pace.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';

/** A server whose handshakes are only counted. */
function countingServer() {
  const server: Server = createServer();
  const begun: Duplex[] = [];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Duplex) => begun.push(socket));
  paceHandshakes(server);
  return { begun, arrive: (socket: Duplex) => server.emit('connection', socket) };
}

function client(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

test('four begin in a turn, in the order in which they spoke; the silent, the gone and the slow are no one’s turn', async () => {
  const { begun, arrive } = countingServer();
  const clients = Array.from({ length: 20 }, client);
  for (const socket of clients) arrive(socket);
  const speakers = clients.filter((_, index) => index % 2 === 0).reverse();
  for (const socket of speakers) socket.push('hello');
  speakers[1]?.destroy();
  const steps: number[] = [];
  while (begun.length < 9) {
    steps.push(begun.length);
    await setImmediate();
  }
  const gains = steps.slice(1).map((count, index) => count - (steps[index] ?? 0));
  expect(Math.max(...gains)).toBe(4);
  expect(begun).toEqual(speakers.filter((_, index) => index !== 1));
  expect(begun[0]?.read()?.toString()).toBe('hello');
});

test('who says nothing for ten seconds is gone', async () => {
  vi.useFakeTimers();
  const { arrive } = countingServer();
  const [silent, speaker] = [client(), client()];
  arrive(silent);
  arrive(speaker);
  speaker.push('hello');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(silent.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect([silent.destroyed, speaker.destroyed]).toEqual([true, false]);
  vi.useRealTimers();
});

test('a hello with a request right behind it, and the end behind that, is answered amid two hundred who are silent', async () => {
  await using server = await startInProcessServer();
  const to = { port: server.server.https.port, host: '127.0.0.1' };
  const silent = Array.from({ length: 200 }, () => connect(to).on('error', () => undefined));
  const socket = connectTls({ ...to, rejectUnauthorized: false });
  socket.end('GET /api/status HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await once(socket, 'end');
  expect(text).toMatch(/^HTTP\/1.1 200 /);
  for (const one of silent) one.destroy();
});
