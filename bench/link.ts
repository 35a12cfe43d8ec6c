/**
 * Docker calls through server and edge link beside the same calls on the engine's own socket and through `ssh -L` to it: small
 * answers, a large download, and many calls at once while one reader stands still. Needs root and the rig's engines.
 */
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Closing } from '../test/support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../test/support/edge-host.ts';
import { figuresOf, printFigures } from './support/figures.ts';
import { forwardBySsh } from './support/ssh-forward.ts';

const CONTAINERS = 100;
const WARM_UP = 100;
const CALLS = 500;
const AT_ONCE = 200;
const BIG_MIB = 256;
const ROUNDS = 3;
const IDLE_MS = 5_000;
const OWN = 'own socket';
const LINK = 'edge link';
const LIST = '/containers/json?all=1';
const BIG = '/containers/steady/archive?path=/big';

/** Sends one call to the engine by one of the two ways. */
type Way = (path: string, method?: string, body?: string) => Promise<IncomingMessage>;

function plainWay(where: RequestOptions): Way {
  const agent = new HttpAgent({ keepAlive: true });
  return (path, method = 'GET', body = '') =>
    answerOf((then) => request(callOf(path, method, body, { ...where, agent }), then), body);
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

interface Route {
  readonly what: string;
  readonly way: Way;
}

/** Figures of the edge link as so many times those of the engine's own socket. */
function compare(what: string, own: number, link: number, promise: string): void {
  console.log(
    `  edge link / own socket, ${what}: ${(link / own).toFixed(2)} (promised: ${promise})`,
  );
}

async function benchList(routes: readonly Route[]): Promise<void> {
  const times = new Map(routes.map(({ what }) => [what, [] as number[]]));
  // In turn: what else the machine does meanwhile must not fall on one of them.
  for (let call = 0; call < WARM_UP + CALLS; call++) {
    for (const { what, way } of routes) {
      const ms = await timed(async () => sizeOf(await way(LIST)));
      if (call >= WARM_UP) times.get(what)?.push(ms);
    }
  }
  const figures = routes.map(({ what }) => figuresOf(times.get(what) ?? []));
  for (const [index, { what }] of routes.entries()) {
    const figure = figures[index];
    if (figure) printFigures(`GET ${LIST}, ${CONTAINERS} containers, ${what}`, figure);
  }
  const [own, link] = [figures[0], figures.at(-1)];
  if (!own || !link) return;
  compare('median', own.medianMs, link.medianMs, 'at most 1.5');
  compare('p99', own.p99Ms, link.p99Ms, 'at most 3');
}

/** Processor time in milliseconds that a process has used, its threads included. */
async function processorMs(pid: number): Promise<number> {
  const [, rest = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function benchDownload(routes: readonly Route[], host: EdgeHost): Promise<void> {
  const best = new Map<string, number>();
  const used = new Map<string, string>();
  const programs = () => Promise.all([host.server.pid, host.agent.pid].map(processorMs));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { what, way } of routes) {
      const before = await programs();
      const ms = await timed(async () => sizeOf(await way(BIG)));
      const after = await programs();
      const rate = BIG_MIB / (ms / 1000);
      if (rate <= (best.get(what) ?? 0)) continue;
      best.set(what, rate);
      used.set(what, after.map((now, index) => now - (before[index] ?? 0)).join(' and '));
    }
  }
  for (const [what, rate] of best) {
    const cost = what === LINK ? `, server and agent ${used.get(what)} ms of processor time` : '';
    console.log(`  ${BIG_MIB} MiB, ${what}, best of ${ROUNDS}: ${Math.round(rate)} MiB/s${cost}`);
  }
  compare('rate', best.get(OWN) ?? Number.NaN, best.get(LINK) ?? Number.NaN, 'at least 0.60');
}

async function benchAtOnce({ what, way }: Route): Promise<void> {
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

/** Never read: everything on its way must wait without filling memory or holding up the others. */
async function benchStalled(host: EdgeHost, link: Way): Promise<void> {
  const stalled = await link(BIG);
  for (let round = 0; round < 2; round++) {
    await benchAtOnce({ what: `${LINK}, beside a stalled download`, way: link });
  }
  await memory(host, 'with a stalled download');
  stalled.destroy();
}

async function sshRoute(host: EdgeHost): Promise<Route[]> {
  try {
    const { port } = closing.use(await forwardBySsh(host.engine.socketPath));
    return [{ what: 'ssh -L', way: plainWay({ host: '127.0.0.1', port }) }];
  } catch (error) {
    console.log(`  ssh -L is not measured: ${error instanceof Error ? error.message : error}`);
    return [];
  }
}

/** Fills the engine: one hundred containers, and a large file that does not compress. */
async function fill(host: EdgeHost, own: Way): Promise<void> {
  const wish = JSON.stringify({ Image: 'busybox', Cmd: ['true'] });
  for (let made = 1; made < CONTAINERS; made++) {
    await sizeOf(await own('/containers/create', 'POST', wish));
  }
  const script = `head -c ${BIG_MIB * 1024 * 1024} /dev/urandom > /big`;
  await host.engine.docker('exec', 'steady', 'sh', '-c', script);
}

const closing = new Closing();
try {
  const host = await openEdgeHost(closing, 'bench');
  const own = { what: OWN, way: plainWay({ socketPath: host.engine.socketPath }) };
  const link = { what: LINK, way: await linkWay(host) };
  await fill(host, own.way);
  const routes = [own, ...(await sshRoute(host)), link];
  await pause(IDLE_MS);
  await memory(host, 'idle');
  await benchList(routes);
  await benchDownload(routes, host);
  for (const route of routes) await benchAtOnce(route);
  for (let sent = 0; sent < 512; sent += BIG_MIB) await sizeOf(await link.way(BIG));
  await memory(host, 'right after 512 MiB');
  await pause(10_000);
  await memory(host, 'ten seconds later');
  await benchStalled(host, link.way);
} finally {
  await closing.close();
}
process.exit(0);
