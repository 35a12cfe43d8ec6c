/** A crowd at the HTTPS port: handshakes begin a few at a time, in order, and who is silent holds up nobody. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type RequestOptions, request, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { paceHandshakes } from '../../../src/server/doors/handshake-pace.ts';
import { startInProcessServer } from '../../support/in-process-server.ts';
import { certificateFor } from '../../support/listeners.ts';

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

test('four begin in a turn, in the order in which they came, and whoever has gone is nobody’s turn', async () => {
  const { begun, arrive } = countingServer();
  const clients = Array.from({ length: 20 }, client);
  for (const socket of clients) arrive(socket);
  clients[1]?.destroy();
  const steps: number[] = [];
  while (begun.length < 19) {
    steps.push(begun.length);
    await setImmediate();
  }
  const gains = steps.slice(1).map((count, index) => count - (steps[index] ?? 0));
  expect(Math.max(...gains)).toBe(4);
  expect(begun).toEqual(clients.filter((_, index) => index !== 1));
});

test('nothing is read of a connection before its turn, and then all that has come', async () => {
  const server = createServer(await certificateFor());
  const [begin] = server.listeners('connection') as ((socket: Socket) => void)[];
  const read: number[] = [];
  server.removeAllListeners('connection');
  server.on('connection', function (this: Server, socket: Socket) {
    read.push(socket.bytesRead);
    begin?.call(this, socket);
  });
  paceHandshakes(server);
  server.on('request', (_, response: ServerResponse) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const answers = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const answer = await fetched({ port, host: '127.0.0.1', rejectUnauthorized: false });
      return await text(answer);
    }),
  );
  expect(answers).toEqual(Array.from({ length: 12 }, () => 'hello'));
  expect(read).toEqual(Array.from({ length: 12 }, () => 0));
  server.closeAllConnections();
  server.close();
});

function fetched(to: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ ...to, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
}

test('a hello with a request right behind it, and the end behind that, is answered amid two hundred who are silent', async () => {
  await using server = await startInProcessServer();
  const to = { port: server.server.https.port, host: '127.0.0.1' };
  const silent = Array.from({ length: 200 }, () => connect(to).on('error', () => undefined));
  const socket = connectTls({ ...to, rejectUnauthorized: false });
  socket.end('GET /api/status HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
  let answer = '';
  socket.on('data', (data: Buffer) => {
    answer += data.toString();
  });
  await once(socket, 'end');
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  for (const one of silent) one.destroy();
});
