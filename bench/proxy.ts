/**
 * Docker calls by every road to one engine: its own socket, `ssh -L`, socat with TLS, the least that Node can do (once, and
 * twice in a row), our server with the socket, with a direct agent and with an edge link. All by turns, in the same minutes.
 * Needs root and the rig's engines.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { startAgent } from '../test/support/agent.ts';
import { Closing } from '../test/support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../test/support/edge-host.ts';
import { cannotRun, type Figure, figureOf, isQuick, type Limit, report } from './report/figure.ts';
import { startBareProxy } from './support/bare-proxy.ts';
import { type DockerWay, plainWay, serverWay, sizeOf, timed } from './support/docker-way.ts';
import * as works from './support/proxy-works.ts';
import { forwardBySocat } from './support/socat-tls.ts';
import { forwardBySsh } from './support/ssh-forward.ts';

const RUNS = 5;
const SETTLE_MS = isQuick ? 500 : 5_000;
const BIG_MIB = isQuick ? 32 : 256;
const SIZES = isQuick ? [10] : [10, 100, 300];
const CALLS = isQuick ? 10 : 40;
const OWN = 'own socket';
const LINK = 'server and edge link';

/** Times of each run by way, the first run left out; ways take turns, so that a busy moment falls on all. */
async function runsOf(work: works.Work, ways: readonly DockerWay[]): Promise<number[][][]> {
  const opened: Awaited<ReturnType<works.Work['begin']>>[] = [];
  for (const way of ways) opened.push(await work.begin(way));
  const runs: number[][][] = ways.map(() => []);
  for (let run = 0; run <= RUNS; run++) {
    const times: number[][] = ways.map(() => []);
    for (let call = 0; call < work.times; call++) {
      for (const [index, { once }] of opened.entries()) times[index]?.push(await timed(once));
    }
    if (run === 0) continue;
    for (const [index, all] of runs.entries()) all.push(times[index] ?? []);
  }
  for (const { close } of opened) close?.();
  return runs;
}

async function runsAlone(work: works.Work, ways: readonly DockerWay[]): Promise<number[][][]> {
  const all: number[][][] = [];
  for (const way of ways) all.push(...(await runsOf(work, [way])));
  return all;
}

async function benchWork(work: works.Work, ways: readonly DockerWay[]): Promise<void> {
  const runs = await (work.isAlone ? runsAlone : runsOf)(work, ways);
  let own: Figure | undefined;
  for (const [index, { name }] of ways.entries()) {
    const limits = name === LINK ? (work.limits ?? []) : [];
    const more = { limits, ...(own && { beside: own }) };
    const figure = report(figureOf(`${work.name}, ${name}`, 'ms', runs[index] ?? [], more));
    if (name === OWN) own = figure;
  }
}

/** Works that move a large file: their figure is a rate. */
async function benchBulk(work: works.Work, ways: readonly DockerWay[], atLeast?: number) {
  const runs = await runsOf(work, ways);
  const limits: readonly Limit[] = atLeast === undefined ? [] : [{ of: 'ratio', atLeast }];
  let own: Figure | undefined;
  for (const [index, { name }] of ways.entries()) {
    const rates = (runs[index] ?? []).map(([ms = Number.NaN]) => (1_000 * BIG_MIB) / ms);
    const more = {
      better: 'higher' as const,
      limits: name === LINK ? limits : [],
      ...(own && { beside: own }),
    };
    const what = `${work.name} of ${BIG_MIB} MiB, ${name}`;
    const figure = report(figureOf(what, 'MiB/s', rates, more));
    if (name === OWN) own = figure;
  }
}

async function peers({ engine }: EdgeHost): Promise<DockerWay[]> {
  const ways: DockerWay[] = [];
  try {
    const { port } = closing.use(await forwardBySsh(engine.socketPath));
    ways.push(plainWay('ssh -L', { host: '127.0.0.1', port }));
  } catch (error) {
    cannotRun('ssh -L', error);
  }
  try {
    const { port } = closing.use(await forwardBySocat(engine.socketPath));
    ways.push(plainWay('socat with TLS', { host: '127.0.0.1', port }, true));
  } catch (error) {
    cannotRun('socat with TLS', error);
  }
  const once = closing.use(await startBareProxy(engine.socketPath));
  const twice = closing.use(await startBareProxy(once));
  const host = '127.0.0.1';
  ways.push(plainWay('bare Node with TLS', { host, port: once.port }, true));
  ways.push(plainWay('bare Node with TLS, twice', { host, port: twice.port }, true));
  return ways;
}

async function addEnvironment({ server }: EdgeHost, wish: object): Promise<number> {
  const { status, body, text } = await server.api('POST', '/api/endpoints', wish);
  if (status !== 200) throw new Error(`no environment: ${status} ${text}`);
  return body.Id;
}

async function ourWays(host: EdgeHost): Promise<DockerWay[]> {
  const { engine, server, id } = host;
  const URL = `unix://${engine.socketPath}`;
  const socketId = await addEnvironment(host, { Name: 'socket', EndpointCreationType: 1, URL });
  const agent = closing.use(await startAgent({ on: engine }));
  const directId = await addEnvironment(host, {
    Name: 'direct',
    EndpointCreationType: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
  });
  return [
    await serverWay('server and socket', server, socketId),
    await serverWay('server and direct agent', server, directId),
    await serverWay(LINK, server, id),
  ];
}

/** A large file that does not compress, and a container that has said something. */
async function fill({ engine }: EdgeHost): Promise<void> {
  const script = `head -c ${BIG_MIB * 1024 * 1024} /dev/urandom > /big`;
  await engine.docker('exec', 'steady', 'sh', '-c', script);
  const talk = ['sh', '-c', 'echo x; sleep 100000'];
  await engine.docker('run', '-d', '--init', '--name', 'talker', 'busybox', ...talk);
}

async function growTo(count: number, own: DockerWay): Promise<void> {
  const list = await own.call({ path: '/containers/json?all=1' });
  const there = (JSON.parse(await bodyOf(list)) as unknown[]).length;
  const body = JSON.stringify({ Image: 'busybox', Cmd: ['true'] });
  for (let made = there; made < count; made++) {
    await sizeOf(await own.call({ path: '/containers/create', method: 'POST', body }));
  }
}

async function bodyOf(answer: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const closing = new Closing();
try {
  const host = await openEdgeHost(closing, 'bench');
  const own = plainWay(OWN, { socketPath: host.engine.socketPath });
  await fill(host);
  const ways = [own, ...(await peers(host)), ...(await ourWays(host))];
  for (const count of SIZES) {
    await growTo(count, own);
    await pause(SETTLE_MS);
    await benchWork(works.listOf(count, CALLS), ways);
  }
  await benchWork(works.inspect(CALLS), ways);
  await benchWork(works.firstLogByte(isQuick ? 2 : 10), ways);
  await benchWork(works.execOnce(isQuick ? 1 : 4), ways);
  await benchWork(works.keystroke(CALLS), ways);
  await benchWork(works.atOnce('199 calls at once', isQuick ? 1 : 2), ways);
  await benchWork(works.besideStalled(isQuick ? 1 : 2), ways);
  await benchBulk(works.download(1), ways, 0.6);
  await benchBulk(works.upload(1, BIG_MIB), ways);
} finally {
  await closing.close();
}
process.exit();
