/**
 * What each layer of a link costs a server in memory: its ends of 1,000 idle connections in a process of their own, first bare
 * TCP, then with one layer more each time, up to a link whose feed is read; and a link in a WebSocket. What a fleet costs beyond that is its own: bench fleet.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { selfSigned } from '../src/link/certificate.ts';
import { EDGE_LINK_PATH } from '../src/link/dial.ts';
import { dialStraight } from '../src/link/dial-straight.ts';
import { dialWebsocket } from '../src/link/dial-websocket.ts';
import { linkFromAgent } from '../src/link/link.ts';
import { tlsServer } from '../src/link/tls-pipe.ts';
import { websocketPipe } from '../src/link/websocket-pipe.ts';
import { until } from '../test/support/until.ts';
import type { IdleEnds, Rung } from './programs/idle-ends.ts';
import { cannotRun, figureOf, isQuick, type Limit, report } from './report/figure.ts';

const CONNECTIONS = isQuick ? 100 : 1_000;
/** They pay for what is loaded, compiled and made room for once. */
const FIRST = isQuick ? 20 : 200;
const DIALLERS = 16;
const SETTLE_MS = 2_000;
const PATIENCE_MS = 120_000;
/** What a link may cost. */
const PROMISED_KIB = 80;

const WORDS: Readonly<Record<Rung, string>> = {
  tcp: 'a TCP connection',
  tls: 'with TLS',
  'inner tls': 'and the inner TLS',
  link: 'and HTTP/2: a link',
  feed: 'and a feed that is read',
  websocket: 'a link in a WebSocket',
};

const own = await selfSigned({ commonName: 'idle ends', names: [], addresses: [] });
/** What an agent's feed begins with, and then nothing. */
const opening = { kind: 'opening', feedId: 'a', isResumed: false, hasGap: false };
const agent = createServer((_, response) => response.write(`${JSON.stringify(opening)}\n`));

/** The other end, in this process. */
async function dial(rung: Rung, port: number): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const address = { port, host: '127.0.0.1', rejectUnauthorized: false };
  if (rung === 'tcp') await once(connectTcp(address).resume(), 'connect', { signal });
  else if (rung === 'tls') await once(connectTls(address).resume(), 'secureConnect', { signal });
  else await dialUpwards(rung, port, signal);
}

async function dialUpwards(rung: Rung, port: number, signal: AbortSignal): Promise<void> {
  const url = `https://127.0.0.1:${port}`;
  const wish = { url, path: EDGE_LINK_PATH, verify: false, throughProxy: false } as const;
  const pipe =
    rung === 'websocket'
      ? websocketPipe(await dialWebsocket(wish, signal))
      : await dialStraight(wish, signal);
  pipe.on('error', () => undefined);
  if (rung === 'inner tls') (await tlsServer(pipe, own, signal)).stream.resume();
  else {
    const parts = { identity: own, checkPeer: () => undefined };
    await linkFromAgent(pipe, parts, (stream) => agent.emit('connection', stream));
  }
}

async function ask(child: ChildProcess): Promise<IdleEnds> {
  const answer = once(child, 'message') as Promise<[IdleEnds]>;
  child.send('look');
  return (await answer)[0];
}

/** Dials until so many stand at the other end. */
async function growTo(count: number, rung: Rung, child: ChildProcess, port: number) {
  let left = count - (await ask(child)).count;
  const dialler = async () => {
    while (left-- > 0) await dial(rung, port);
  };
  await Promise.all(Array.from({ length: DIALLERS }, dialler));
  await until(async () => (await ask(child)).count === count, PATIENCE_MS);
  await pause(SETTLE_MS);
  return await ask(child);
}

async function benchRung(rung: Rung): Promise<void> {
  const file = new URL('./programs/idle-ends.mjs', import.meta.url);
  const child = fork(file, { env: { ...process.env, NODE_OPTIONS: '', RUNG: rung } });
  try {
    const [port] = (await once(child, 'message')) as [number];
    const before = await growTo(FIRST, rung, child, port);
    const after = await growTo(FIRST + CONNECTIONS, rung, child, port);
    const each = (what: 'heapBytes' | 'residentBytes') =>
      (after[what] - before[what]) / 1_024 / CONNECTIONS;
    const limits: Limit[] = rung === 'link' ? [{ of: 'median', atMost: PROMISED_KIB }] : [];
    const words = WORDS[rung];
    report(figureOf(`memory, ${words}`, 'KiB each', [each('residentBytes')], { limits }));
    report(figureOf(`of it objects in V8, ${words}`, 'KiB each', [each('heapBytes')]));
  } finally {
    child.kill('SIGKILL');
  }
}

for (const rung of Object.keys(WORDS) as Rung[]) {
  try {
    await benchRung(rung);
  } catch (error) {
    cannotRun(WORDS[rung], error);
  }
}
process.exit();
