/**
 * What an edge agent costs its host: memory and processor time at rest, with 100 containers, with figures taken each 10 s and
 * with 20 logs followed, beside a Node that does nothing; and how soon it is linked. Needs root and the rig's engines.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Closing } from '../test/support/closing.ts';
import { type EdgeHost, openEdgeHost } from '../test/support/edge-host.ts';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { type Figure, figureOf, isQuick, type Limit, report } from './report/figure.ts';
import { reportBareNode } from './support/bare-node.ts';
import { type DockerWay, plainWay, serverWay, sizeOf, timed } from './support/docker-way.ts';

const RUNS = 5;
/** As long as the server's pause between two looks at the figures, so that each run holds one. */
const LOOK_MS = isQuick ? 1_000 : 10_000;
const SETTLE_MS = isQuick ? 2_000 : 8_000;
const CONTAINERS = 100;
const LOGS = 20;
const IDLE_LIMIT: readonly Limit[] = [{ of: 'median', atMost: 50 }];
const TALK = 'while true; do echo GET /cart 200 31ms; sleep 0.1; done';

async function benchRest(
  host: EdgeHost,
  what: string,
  bare: Figure,
  limits: readonly Limit[] = [],
): Promise<void> {
  await pause(SETTLE_MS);
  const [memory, cpu]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    const { pid } = host.agent;
    const before = cpuMs(pid);
    await pause(LOOK_MS);
    cpu.push((100 * (cpuMs(pid) - before)) / LOOK_MS);
    memory.push(residentMiB(pid));
  }
  report(figureOf(`memory, ${what}`, 'MiB', memory, { beside: bare, limits }));
  report(figureOf(`processor, ${what}`, '% of a core', cpu));
}

/** From the start of the program to its link, with the identity that it has already. */
async function benchStart(host: EdgeHost): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await host.agent.stop();
    times.push(
      await timed(async () => {
        await host.startAgent();
        await host.agent.says('Linked.');
      }),
    );
  }
  report(figureOf('start to linked', 'ms', times));
  await host.shown('up');
}

async function addContainers(own: DockerWay, command: readonly string[], names: readonly string[]) {
  const wish = { Image: 'busybox', Cmd: command, HostConfig: { NetworkMode: 'none' } };
  const body = JSON.stringify(wish);
  for (const name of names) {
    await sizeOf(await own.call({ path: `/containers/create?name=${name}`, method: 'POST', body }));
    await sizeOf(await own.call({ path: `/containers/${name}/start`, method: 'POST' }));
  }
}

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word}-${index}`);

/** Twenty containers that write ten lines a second, each read to the end by somebody. */
async function followLogs(host: EdgeHost, own: DockerWay): Promise<IncomingMessage[]> {
  const names = numbered('talker', LOGS);
  await addContainers(own, ['sh', '-c', TALK], names);
  const link = await serverWay('logs', host.server, host.id);
  const answers: IncomingMessage[] = [];
  for (const name of names) {
    const path = `/containers/${name}/logs?stdout=1&follow=1&tail=0`;
    answers.push((await link.call({ path })).resume());
  }
  return answers;
}

const closing = new Closing();
try {
  const bare = await reportBareNode();
  const host = await openEdgeHost(closing, 'agent');
  const own = plainWay('own socket', { socketPath: host.engine.socketPath });
  await benchRest(host, 'one container, first start', bare, IDLE_LIMIT);
  await benchStart(host);
  await benchRest(host, 'one container', bare, IDLE_LIMIT);
  await addContainers(own, ['sleep', '100000'], numbered('idle', CONTAINERS - 1));
  await benchRest(host, `${CONTAINERS} containers, figures each 10 s`, bare);
  const logs = await followLogs(host, own);
  await benchRest(host, `${LOGS} logs of 10 lines/s followed`, bare);
  for (const answer of logs) answer.destroy();
} finally {
  await closing.close();
}
process.exit();
