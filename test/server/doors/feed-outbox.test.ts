/** What waits for a console that reads slowly: in order, bounded, and not even written down before there is room. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FeedOutbox } from '../../../src/server/doors/feed-outbox.ts';

const MOST_BYTES = 4 << 20;
const LARGE = 'x'.repeat(1 << 20);
const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** A console, the server's end of its connection, and what the console has read. */
async function connected() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  servers.push(server);
  await once(server, 'listening');
  const console_ = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const read: string[] = [];
  console_.on('message', (data) => read.push(String(data)));
  if (console_.readyState !== console_.OPEN) await once(console_, 'open');
  let isTooSlow = false;
  const outbox = new FeedOutbox(socket, MOST_BYTES, () => {
    isTooSlow = true;
  });
  const until = async (count: number) => {
    while (read.length < count) await once(console_, 'message');
  };
  return { outbox, console_, read, until, isTooSlow: () => isTooSlow };
}

test('what comes while a long telling is under way waits behind it', async () => {
  const { outbox, until, read, isTooSlow } = await connected();
  outbox.tellAll(Array.from({ length: 20 }, (_, index) => `${index} ${LARGE}`));
  outbox.tell('after');
  outbox.tell('last');
  await until(22);
  expect(read.map((text) => text.split(' ')[0])).toEqual([
    ...Array.from({ length: 20 }, (_, index) => String(index)),
    'after',
    'last',
  ]);
  expect(isTooSlow()).toBe(false);
});

test('for a console that does not read nothing more is written down, and in the end it is too slow', async () => {
  const { outbox, console_, isTooSlow } = await connected();
  console_.pause();
  let made = 0;
  function* texts(): Generator<string> {
    for (; made < 100; made++) yield LARGE;
  }
  outbox.tellAll(texts());
  for (let told = 0; told < 100 && !isTooSlow(); told++) outbox.tell(LARGE);
  expect(isTooSlow()).toBe(true);
  expect(made).toBeLessThan(20);
});
