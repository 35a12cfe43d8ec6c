/**
 * The edge link by itself: round trip, what server and agent hold in memory at rest, after 512 MiB and beside a download that
 * nobody reads, processor time per byte, and how soon a cut is healed. Needs root and the rig's engines.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Closing } from '../test/support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../test/support/edge-host.ts';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { until } from '../test/support/until.ts';
import { figureOf, isQuick, type Limit, report } from './report/figure.ts';
import { reportBareNode } from './support/bare-node.ts';
import { type DockerWay, plainWay, serverWay, sizeOf, timed } from './support/docker-way.ts';

const RUNS = 5;
const PINGS = isQuick ? 20 : 200;
const BIG_MIB = isQuick ? 32 : 256;
const BURST_MIB = 512;
const IDLE_MS = 8_000;
const AFTER_BURST_MS = 10_000;
const CUT_MS = 3_000;
const BIG = '/containers/steady/archive?path=/big';
const most = (atMost: number): readonly Limit[] => [{ of: 'median', atMost }];

async function benchPing(own: DockerWay, link: DockerWay): Promise<void> {
  const runs: [number[][], number[][]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    const times: [number[], number[]] = [[], []];
    for (let ping = 0; ping < PINGS; ping++) {
      times[0].push(await timed(async () => sizeOf(await own.call({ path: '/_ping' }))));
      times[1].push(await timed(async () => sizeOf(await link.call({ path: '/_ping' }))));
    }
    if (run > 0) for (const side of [0, 1] as const) runs[side].push(times[side]);
  }
  const beside = report(figureOf('the smallest call, own socket', 'ms', runs[0]));
  report(figureOf('the smallest call, server and edge link', 'ms', runs[1], { beside }));
}

/** Five looks at each process, a second apart. */
async function benchMemory(host: EdgeHost, when: string, agentLimit?: number): Promise<void> {
  const [server, agent]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    server.push(residentMiB(host.server.pid));
    agent.push(residentMiB(host.agent.pid));
    await pause(200);
  }
  report(figureOf(`memory of the server, ${when}`, 'MiB', server));
  const limits = agentLimit === undefined ? [] : most(agentLimit);
  report(figureOf(`memory of the agent, ${when}`, 'MiB', agent, { limits }));
}

async function benchCost(host: EdgeHost, link: DockerWay): Promise<void> {
  const spent: [number[], number[]] = [[], []];
  const pids = [host.server.pid, host.agent.pid] as const;
  for (let run = 0; run <= RUNS; run++) {
    const before = pids.map(cpuMs);
    await sizeOf(await link.call({ path: BIG }));
    if (run === 0) continue;
    for (const side of [0, 1] as const)
      spent[side].push((100 * (cpuMs(pids[side]) - (before[side] ?? 0))) / BIG_MIB);
  }
  report(figureOf('processor time of the server for 100 MiB', 'ms', spent[0]));
  report(figureOf('processor time of the agent for 100 MiB', 'ms', spent[1]));
}

async function benchBurst(host: EdgeHost, link: DockerWay): Promise<void> {
  for (let sent = 0; sent < BURST_MIB; sent += BIG_MIB) {
    await sizeOf(await link.call({ path: BIG }));
  }
  await benchMemory(host, `right after ${BURST_MIB} MiB`);
  await pause(AFTER_BURST_MS);
  await benchMemory(host, `ten seconds after ${BURST_MIB} MiB`, 80);
}

/** Never read: everything on its way must wait without filling memory or holding up the others. */
async function benchStalled(host: EdgeHost, link: DockerWay): Promise<void> {
  const stalled = await link.call({ path: BIG });
  await pause(1_000);
  await benchMemory(host, 'beside a stalled download');
  stalled.destroy();
}

/** From the moment the cable is back to the first answer over it. */
async function benchReconnect(host: EdgeHost): Promise<void> {
  const healed: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await host.fault('rst');
    await host.fault('cut');
    await pause(CUT_MS);
    await host.fault('heal');
    healed.push(await timed(() => until(() => host.answers(), 60_000)));
    await host.shown('up');
  }
  const what = `answers again after a cut of ${CUT_MS / 1_000} s`;
  report(figureOf(what, 'ms', healed, { limits: most(2_000) }));
}

const closing = new Closing();
try {
  const host = await openEdgeHost(closing, 'bench');
  const own = plainWay('own socket', { socketPath: host.engine.socketPath });
  const link = await serverWay('edge link', host.server, host.id);
  const script = `head -c ${BIG_MIB * 1024 * 1024} /dev/urandom > /big`;
  await host.engine.docker('exec', 'steady', 'sh', '-c', script);
  await reportBareNode();
  await pause(IDLE_MS);
  await benchMemory(host, 'idle', 50);
  await benchPing(own, link);
  await benchCost(host, link);
  await benchBurst(host, link);
  await benchStalled(host, link);
  await benchReconnect(host);
} finally {
  await closing.close();
}
process.exit();
