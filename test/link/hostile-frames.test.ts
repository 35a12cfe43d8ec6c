/**
 * A peer with the right key that sends HTTP/2 frames no honest one would, written by hand (RFC 9113): a storm of resets,
 * headers without end, resets of what was never opened. Either end closes the link in words and keeps nothing.
 */
import type { Duplex } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type Link, linkFromAgent, linkFromServer } from '../../src/link/link.ts';
import { tlsClient, tlsServer } from '../../src/link/tls-pipe.ts';
import { pipePair, throwAwayIdentity, WAYS, type Way } from '../support/link-pair.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const TYPE = { headers: 1, reset: 3, settings: 4, continuation: 9 } as const;
const END_HEADERS = 4;
/** `:method: CONNECT` and `:authority: agent`, by HPACK's static table (RFC 7541, 6.2.2). */
const CONNECT = Buffer.from('\x02\x07CONNECT\x01\x05agent', 'latin1');
/** `x: yyy…` without indexing. */
const FILLER = Buffer.concat([
  Buffer.from('\x00\x01x\x7f\xe1\x1e', 'latin1'),
  Buffer.alloc(4_000, 'y'),
]);
const CANCEL = Buffer.from([0, 0, 0, 8]);
const GROWTH_LIMIT_BYTES = 100 << 20;

function frame(type: keyof typeof TYPE, stream: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(TYPE[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident, without what the flood's own writing leaves for the collector. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().rss;
}

/** Writes what `next` gives, as fast as it is taken, until the other end closes; how many bytes that were. */
async function flood(stream: Duplex, next: (turn: number) => Buffer): Promise<number> {
  let bytes = 0;
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    for (const event of ['close', 'error', 'end'] as const)
      stream.on(event, () => {
        isOver = true;
        resolve();
      });
  });
  stream.resume();
  for (let turn = 0; !isOver && stream.writable; turn += 1) {
    const some = next(turn);
    bytes += some.length;
    const drained = new Promise<void>((resolve) => stream.write(some, () => resolve()));
    await Promise.race([drained, over]);
  }
  return bytes;
}

const parts = async () => ({
  identity: await throwAwayIdentity(),
  checkPeer: () => undefined,
  pingIntervalMs: 1_500,
  silenceLimitMs: 3_000,
});
const signal = () => AbortSignal.timeout(20_000);

/** An agent's end, and a hostile server's raw frames to it. */
async function againstAgent(way: Way, next: (turn: number) => Buffer) {
  await using pair = await pipePair(way);
  const [link, tls] = await Promise.all([
    linkFromAgent(pair.agent, await parts(), (stream) => stream.resume()),
    tlsClient(pair.server, await throwAwayIdentity(), signal()),
  ]);
  tls.stream.write(Buffer.concat([PREFACE, frame('settings', 0, Buffer.alloc(0))]));
  return await floodAndEnd(link, tls.stream, next);
}

/** A server's end with one stream open, and a hostile agent's raw frames to it. */
async function againstServer(way: Way, next: (turn: number) => Buffer) {
  await using pair = await pipePair(way);
  const tls = tlsServer(pair.agent, await throwAwayIdentity(), signal());
  const link = linkFromServer(pair.server, await parts());
  const { stream } = await tls;
  stream.write(frame('settings', 0, Buffer.alloc(0)));
  const opened = (await link).open();
  opened.on('error', () => undefined);
  opened.resume();
  return await floodAndEnd(await link, stream, next);
}

async function floodAndEnd(link: Link, stream: Duplex, next: (turn: number) => Buffer) {
  const before = heldBytes();
  const sent = flood(stream, next);
  const end = await link.ended;
  stream.destroy();
  await sent;
  expect(heldBytes() - before).toBeLessThan(GROWTH_LIMIT_BYTES);
  return end;
}

const FLOODED = /broke the rules of HTTP\/2 or flooded the link/;

/** The n-th stream that a client opens. */
const idOf = (turn: number): number => 2 * turn + 1;

const endless = (stream: number) => (turn: number) =>
  turn === 0 ? frame('headers', stream, FILLER) : frame('continuation', stream, FILLER);

// Node stops reading a session that resets too quickly without saying so: such a peer is given up for its silence.
describe.each(WAYS)('over a %s pipe', (way) => {
  test('a storm of resets ends the link of an agent and nothing else', async () => {
    const storm = (turn: number) => {
      const id = idOf(turn);
      return Buffer.concat([
        frame('headers', id, CONNECT, END_HEADERS),
        frame('reset', id, CANCEL),
      ]);
    };
    expect((await againstAgent(way, storm)).sentence).toMatch(/silent for \d+ s|flooded the link/);
  });

  test('headers without end end the link of an agent', async () => {
    expect((await againstAgent(way, endless(1))).sentence).toMatch(FLOODED);
  });

  test('headers without end end the link of a server', async () => {
    expect((await againstServer(way, endless(1))).sentence).toMatch(FLOODED);
  });

  test('resets of streams that nobody opened end the link of a server', async () => {
    const resets = (turn: number) => frame('reset', idOf(turn + 50), CANCEL);
    expect((await againstServer(way, resets)).sentence).toMatch(FLOODED);
  });
});
