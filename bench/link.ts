/**
 * Docker calls through server and edge link beside the same calls on the engine's own socket: small answers, a large
 * download, and many calls at once while one reader stands still. Needs root, a built dist/ and the rig's engines.
 */
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Closing } from '../test/support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../test/support/edge-host.ts';
import { figuresOf, printFigures } from './support/figures.ts';

const CONTAINERS = 100;
const WARM_UP = 100;
const CALLS = 1_000;
const AT_ONCE = 200;
const BIG_MIB = 256;
const LIST = '/containers/json?all=1';
const BIG = '/containers/steady/archive?path=/big';

/** Sends one call to the engine by one of the two ways. */
type Way = (path: string, method?: string, body?: string) => Promise<IncomingMessage>;

function socketWay({ engine }: EdgeHost): Way {
  const agent = new HttpAgent({ keepAlive: true });
  return (path, method = 'GET', body = '') =>
    answerOf(
      (then) => request(callOf(path, method, body, { agent, socketPath: engine.socketPath }), then),
      body,
    );
}

async function linkWay({ server, id }: EdgeHost): Promise<Way> {
  const agent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  const key = await server.createApiKey('bench');
  const { hostname, port } = new URL(server.url);
  return (path, method = 'GET', body = '') => {
    const call = callOf(`/api/endpoints/${id}/docker${path}`, method, body, {
      agent,
      hostname,
      port,
    });
    const headers = { ...call.headers, 'X-API-Key': key };
    return answerOf((then) => requestTls({ ...call, headers }, then), body);
  };
}

const callOf = (path: string, method: string, body: string, more: RequestOptions) => ({
  ...more,
  path,
  method,
  headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
});

function answerOf(
  send: (then: (answer: IncomingMessage) => void) => ReturnType<typeof request>,
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    send(resolve).on('error', reject).end(body);
  });
}

/** Reads an answer to its end; its size in bytes. */
async function sizeOf(answer: IncomingMessage): Promise<number> {
  let bytes = 0;
  await pipeline(answer, async (chunks) => {
    for await (const chunk of chunks) bytes += (chunk as Buffer).length;
  });
  if ((answer.statusCode ?? 500) >= 300)
    throw new Error(`the call was answered ${answer.statusCode}`);
  return bytes;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function benchList(what: string, way: Way): Promise<void> {
  const times: number[] = [];
  for (let call = 0; call < WARM_UP + CALLS; call++) {
    const ms = await timed(async () => sizeOf(await way(LIST)));
    if (call >= WARM_UP) times.push(ms);
  }
  printFigures(`GET ${LIST}, ${CONTAINERS} containers, ${what}`, figuresOf(times));
}

async function benchDownload(what: string, way: Way): Promise<void> {
  const rates: string[] = [];
  for (let round = 0; round < 3; round++) {
    let bytes = 0;
    const ms = await timed(async () => {
      bytes = await sizeOf(await way(BIG));
    });
    rates.push(`${Math.round(bytes / 1024 / 1024 / (ms / 1000))}`);
  }
  console.log(`  download of ${BIG_MIB} MiB, ${what}: ${rates.join(', ')} MiB/s`);
}

async function benchAtOnce(what: string, way: Way): Promise<void> {
  const times = await Promise.all(
    Array.from({ length: AT_ONCE - 1 }, () => timed(async () => sizeOf(await way('/_ping')))),
  );
  printFigures(`${AT_ONCE - 1} pings at once, ${what}`, figuresOf(times));
}

async function residentOf(pid: number): Promise<string> {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return `${Math.round(Number(kib) / 1024)} MiB`;
}

async function memory(host: EdgeHost, when: string): Promise<void> {
  const [server, agent] = await Promise.all([host.server.pid, host.agent.pid].map(residentOf));
  console.log(`  resident ${when}: server ${server}, agent ${agent}`);
}

const closing = new Closing();
try {
  const host = await openEdgeHost(closing, 'bench');
  const socket = socketWay(host);
  const link = await linkWay(host);
  const wish = JSON.stringify({ Image: 'busybox', Cmd: ['true'] });
  for (let made = 1; made < CONTAINERS; made++) {
    await sizeOf(await socket('/containers/create', 'POST', wish));
  }
  const fill = `head -c ${BIG_MIB * 1024 * 1024} /dev/urandom > /big`;
  await host.engine.docker('exec', 'steady', 'sh', '-c', fill);
  await memory(host, 'at first');
  for (const [what, way] of [
    ['own socket', socket],
    ['edge link', link],
  ] as const) {
    await benchList(what, way);
    await benchDownload(what, way);
    await benchAtOnce(what, way);
  }
  await memory(host, 'after the downloads');
  // Never read: everything on its way must wait without filling memory or holding up the others.
  const stalled = await link(BIG);
  await benchAtOnce('edge link, beside a stalled download', link);
  await benchAtOnce('edge link, beside a stalled download', link);
  await memory(host, 'with a stalled download');
  stalled.destroy();
} finally {
  await closing.close();
}
process.exit(0);
