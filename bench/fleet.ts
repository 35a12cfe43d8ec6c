/**
 * How many hosts one server carries: thousands of simulated agents over the real link, in growing steps, until a step no longer
 * comes up in time: memory for each, processor time at rest and while 1 % of the containers change each second, the size of what
 * a console hears, and how long a restart of the server takes. FLEET_AGENTS is the largest step (10,000).
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedMessage } from '../src/protocol/feed.ts';
import { Closing } from '../test/support/closing.ts';
import { startReachableServer, watchFleet } from '../test/support/edge-environment.ts';
import type { FleetRecorder } from '../test/support/fleet-recorder.ts';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import type { TestServer } from '../test/support/server.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { until } from '../test/support/until.ts';
import { cannotRun, type FigureMore, figureOf, isQuick, report } from './report/figure.ts';
import { SimulatedFleet } from './support/simulated-fleet.ts';

const CONTAINERS_EACH = 5;
const STEPS = [250, 1_000, 2_000, 5_000, 10_000];
const LARGEST = isQuick ? 250 : Number(process.env.FLEET_AGENTS ?? 10_000);
const RUNS = 5;
const LOOK_MS = isQuick ? 1_000 : 4_000;
const SETTLE_MS = isQuick ? 2_000 : 10_000;
/** A hundred links begin each second at most; a step that takes four times as long has failed. */
const patience = (agents: number) => 30_000 + 40 * agents;
/** What a fleet of 10,000 may cost. */
const PROMISED = { agents: 10_000, kibEach: 80, percentAtRest: 25 };

const closing = new Closing();
const folder = join(closing.use(await temporaryFolder()).path, 'server');
let server: TestServer = await startReachableServer(folder);
closing.defer(() => server[Symbol.asyncDispose]());
const fleet = new SimulatedFleet(CONTAINERS_EACH);
closing.defer(() => fleet[Symbol.dispose]());

const limited = (isLimited: boolean, atMost: number): FigureMore =>
  isLimited ? { limits: [{ of: 'median', atMost }] } : {};

/** Processor time of the server in five looks, and what consoles heard meanwhile. */
async function benchProcessor(what: string, seen: FleetRecorder, more: FigureMore): Promise<void> {
  const [cpu, heard]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    const before = cpuMs(server.pid);
    const first = seen.messages.length;
    await pause(LOOK_MS);
    cpu.push((100 * (cpuMs(server.pid) - before)) / LOOK_MS);
    heard.push(sizeOf(seen.messages.slice(first)) / (LOOK_MS / 1_000));
  }
  report(figureOf(`processor of the server, ${what}`, '% of a core', cpu, more));
  report(figureOf(`to one console, ${what}`, 'KiB/s', heard));
}

const sizeOf = (messages: readonly unknown[]) =>
  messages.reduce<number>((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0) / 1_024;

/** The first snapshot that holds all of it. */
async function benchSnapshot(agents: number, step: Closing): Promise<FleetRecorder> {
  const seen = await watchFleet(server, step);
  const up = () => seen.environments.filter(({ connection }) => connection === 'up').length;
  await until(() => up() === agents, patience(agents));
  const whole = (message: FeedMessage) => message.kind === 'snapshot' && message.left === undefined;
  const snapshot = seen.messages.find(whole);
  report(figureOf(`snapshot for a console, ${agents} agents`, 'KiB', [sizeOf([snapshot])]));
  return seen;
}

async function benchStep(agents: number, emptyMiB: number, step: Closing): Promise<void> {
  const startedMs = performance.now();
  await fleet.growTo(agents, server);
  await fleet.allLinked(patience(agents));
  const tookMs = performance.now() - startedMs;
  report(figureOf(`all invited and linked, ${agents} agents`, 'ms', [tookMs]));
  const seen = await benchSnapshot(agents, step);
  await pause(SETTLE_MS);
  const each = ((residentMiB(server.pid) - emptyMiB) * 1_024) / agents;
  const isPromised = agents >= PROMISED.agents;
  const memory = limited(isPromised, PROMISED.kibEach);
  report(figureOf(`memory of the server, ${agents} agents`, 'MiB', [residentMiB(server.pid)]));
  report(figureOf(`memory of the server for each of ${agents}`, 'KiB each', [each], memory));
  const rest = limited(isPromised, PROMISED.percentAtRest);
  await benchProcessor(`${agents} agents at rest`, seen, rest);
  fleet.live((agents * CONTAINERS_EACH) / 100);
  await benchProcessor(`${agents} agents, 1 % of containers change each second`, seen, {});
  fleet.live(0);
}

/** Killed and started again: from its start to the last agent's link. */
async function benchStorm(): Promise<void> {
  const { port } = server;
  server.kill('SIGKILL');
  await server.exit;
  await until(async () => (await fleet.linked()) === 0, patience(fleet.size));
  const startedMs = performance.now();
  server = await startReachableServer(folder, port);
  const cpuBefore = cpuMs(server.pid);
  const vainBefore = await fleet.dialsInVain();
  await fleet.allLinked(patience(fleet.size));
  const tookMs = performance.now() - startedMs;
  const spentMs = (cpuMs(server.pid) - cpuBefore) / fleet.size;
  report(figureOf(`restart of the server, until ${fleet.size} are linked`, 'ms', [tookMs]));
  const inVain = ((await fleet.dialsInVain()) - vainBefore) / fleet.size;
  report(figureOf(`processor of the server for each of ${fleet.size} links`, 'ms', [spentMs]));
  report(figureOf(`dials in vain for each of ${fleet.size} links`, '', [inVain]));
}

try {
  await pause(SETTLE_MS);
  const emptyMiB = residentMiB(server.pid);
  report(figureOf('memory of the server, no agents', 'MiB', [emptyMiB]));
  for (const agents of STEPS.filter((step) => step <= LARGEST)) {
    const step = new Closing();
    try {
      await benchStep(agents, emptyMiB, step);
    } finally {
      await step.close();
    }
    await benchStorm();
  }
} catch (error) {
  cannotRun(`more than ${await fleet.linked()} of ${fleet.size} agents`, error);
} finally {
  await closing.close();
}
process.exit();
