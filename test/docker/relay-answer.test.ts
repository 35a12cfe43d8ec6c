/** In how many writes an answer reaches the client, seen on a connection in memory: each one wakes a process at its other end. */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { networkRoute } from '../../src/docker/network-route.ts';
import { passThrough } from '../../src/docker/pass-through.ts';
import { until } from '../support/until.ts';

/** A client that has asked; `isStill` takes the first write and never asks for another. */
class Client extends Duplex {
  readonly writes: string[] = [];
  readonly #isStill: boolean;

  constructor(isStill: boolean) {
    super();
    this.#isStill = isStill;
    this.push('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  }

  override _read(): void {}

  override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
    this._writev([{ chunk, encoding }], done);
  }

  override _writev(pieces: { chunk: Buffer | string; encoding: string }[], done: () => void): void {
    this.writes.push(pieces.map(({ chunk }) => chunk.toString('latin1')).join(''));
    if (!this.#isStill) done();
  }
}

/** An engine that answers every request with these bytes, at once; and what a client is written of it. */
async function relayed(answer: string, isStill = false) {
  const engine = createNetServer((socket) => {
    socket.on('error', () => socket.destroy()).on('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  const { port } = engine.address() as AddressInfo;
  const route = networkRoute({ address: 'tcp://engine', host: '127.0.0.1', port });
  const stop = new AbortController();
  const options = { route, path: '/', signal: stop.signal, onError: () => undefined };
  const front = createServer((request, response) => void passThrough(request, response, options));
  const client = new Client(isStill);
  front.emit('connection', client);
  return {
    client,
    stop,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await route[Symbol.asyncDispose]();
      engine.close();
    },
  };
}

const HEAD = 'HTTP/1.1 200 OK\r\n';

test.each([
  ['with a length', `${HEAD}Content-Length: 5\r\n\r\nhello`],
  ['in chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`],
])('an answer %s that came whole goes out in one write', async (_, answer) => {
  await using all = await relayed(answer);
  await until(() => all.client.writes.join('').includes('hello'));
  expect(all.client.writes).toHaveLength(1);
  expect(all.client.writes[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n.*hello(\r\n0\r\n\r\n)?$/s);
});

test('a head that nothing follows yet goes out by itself', async () => {
  await using all = await relayed(`${HEAD}Content-Length: 5\r\n\r\n`);
  await until(() => all.client.writes.length > 0);
  expect(all.client.writes[0]).toMatch(/\r\n\r\n$/);
});

test('an answer that is cut off while its client reads slowly never looks whole', async () => {
  const body = 'x'.repeat(2 << 20);
  const framed = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  await using all = await relayed(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${framed}`, true);
  await until(() => all.client.writes.length > 0);
  all.stop.abort();
  await until(() => all.client.destroyed);
  expect(all.client.writes.join('')).not.toMatch(/\r\n0\r\n\r\n$/);
});
