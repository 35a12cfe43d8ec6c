/** What Docker clients do all day, as works that can be done by any way to an engine and timed. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { Limit } from '../report/figure.ts';
import { type DockerWay, sizeOf } from './docker-way.ts';

export interface Work {
  readonly name: string;
  /** How often it is done in one run. */
  readonly times: number;
  /** What is promised of the way through server and edge link. */
  readonly limits?: readonly Limit[];
  /** Whether no other way may be in the midst of it: an engine lets only one read files of a container. */
  readonly isAlone?: boolean;
  /** Opens what all its times share; gives what is then timed, and may be given `close`. */
  begin(way: DockerWay): Promise<{ once(): Promise<unknown>; close?(): void }>;
}

const AT_ONCE = 200;
const BLOCK = 512;

/** An answer without a body of its own, again and again. */
const simple = (name: string, times: number, work: (way: DockerWay) => Promise<unknown>): Work => ({
  name,
  times,
  begin: async (way) => ({ once: () => work(way) }),
});

export const listOf = (count: number, times: number): Work => ({
  ...simple(`list of ${count} containers`, times, async (way) =>
    sizeOf(await way.call({ path: '/containers/json?all=1' })),
  ),
  limits: [
    { of: 'ratio', atMost: 1.5 },
    { of: 'p99 ratio', atMost: 3 },
  ],
});

export const inspect = (times: number) =>
  simple('inspect', times, async (way) =>
    sizeOf(await way.call({ path: '/containers/steady/json' })),
  );

/** From the request to the first byte of a log that has one line. */
export const firstLogByte = (times: number) =>
  simple('first byte of a log', times, async (way) => {
    const answer = await way.call({ path: '/containers/talker/logs?stdout=1&tail=1' });
    await once(answer, 'data');
  });

async function newExec(way: DockerWay, command: readonly string[], isInteractive: boolean) {
  const wish = { AttachStdin: isInteractive, AttachStdout: true, Tty: isInteractive, Cmd: command };
  const body = JSON.stringify(wish);
  const answer = await way.call({ path: '/containers/steady/exec', method: 'POST', body });
  return JSON.parse(await text(answer)).Id as string;
}

/** Made, started, and its output read to the end. */
export const execOnce = (times: number) =>
  simple('exec of one command', times, async (way) => {
    const id = await newExec(way, ['echo', 'x'], false);
    const body = '{"Detach":false,"Tty":false}';
    await sizeOf(await way.call({ path: `/exec/${id}/start`, method: 'POST', body }));
  });

/** From a key to its echo in a shell that is open. */
export const keystroke = (times: number): Work => ({
  name: 'key in an open shell and back',
  times,
  async begin(way) {
    const id = await newExec(way, ['cat'], true);
    const body = '{"Detach":false,"Tty":true}';
    const socket = await way.hijack({ path: `/exec/${id}/start`, method: 'POST', body });
    return {
      async once() {
        const echo = once(socket, 'data');
        socket.write('x');
        await echo;
      },
      close: () => socket.destroy(),
    };
  },
});

/** Calls begun in the same moment, to the end of the last. Of another container: an engine locks one that is read from. */
export const atOnce = (name: string, times: number) =>
  simple(name, times, async (way) => {
    const path = '/containers/talker/json';
    await Promise.all(
      Array.from({ length: AT_ONCE - 1 }, async () => sizeOf(await way.call({ path }))),
    );
  });

/** The same beside a download that nobody reads. */
export const besideStalled = (times: number): Work => ({
  name: '199 calls at once, one stalled',
  times,
  isAlone: true,
  async begin(way) {
    const stalled = await way.call({ path: '/containers/steady/archive?path=/big' });
    const { once: work } = await atOnce('', 1).begin(way);
    return { once: work, close: () => stalled.destroy() };
  },
});

export const download = (times: number) =>
  simple('download', times, async (way) =>
    sizeOf(await way.call({ path: '/containers/steady/archive?path=/big' })),
  );

/** The head of a file in a tar stream (POSIX.1-1988 ustar). */
function tarHead(name: string, size: number): Buffer {
  const head = Buffer.alloc(BLOCK);
  const put = (words: string, place: number) => head.write(words, place, 'latin1');
  put(name, 0);
  put('0000644\0', 100);
  put('0000000\x000000000\0', 108);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0        0', 136);
  put('ustar\x0000', 257);
  const sum = head.reduce((all, byte) => all + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

const PIECE = randomBytes(1 << 20);

function* tarOf(mib: number): Generator<Buffer> {
  yield tarHead('up', mib * PIECE.length);
  for (let sent = 0; sent < mib; sent++) yield PIECE;
  yield Buffer.alloc(2 * BLOCK);
}

export const upload = (times: number, mib: number) =>
  simple('upload', times, async (way) => {
    const body = Readable.from(tarOf(mib), { objectMode: false });
    const headers = { 'Content-Type': 'application/x-tar' };
    const path = '/containers/steady/archive?path=/tmp';
    const answer = await way.call({ path, method: 'PUT', body, headers });
    await sizeOf(answer);
    await finished(body);
  });
