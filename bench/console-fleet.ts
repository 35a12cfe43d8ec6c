/**
 * The whole console over fleets of three sizes, driven through a pty by a scripted operator: first frame, key to paint,
 * processor time, memory and bytes at rest and while 1 % of all containers change each second. Beside it, what Node alone needs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { type Figure, figureOf, isQuick, type Limit, report } from './report/figure.ts';
import { reportBareNode } from './support/bare-node.ts';
import { ConsolePty, type FleetSize } from './support/console-pty.ts';

const ALL_SIZES = [
  { environments: 50, containers: 2_000, limitMiB: 120 },
  { environments: 500, containers: 20_000, limitMiB: undefined },
  { environments: 1_000, containers: 50_000, limitMiB: 350 },
] as const;
const SIZES = isQuick ? ALL_SIZES.slice(0, 1) : ALL_SIZES;
/** Of one run. */
const KEYS = isQuick ? 4 : 12;
const RUNS = 5;
const REST_MS = isQuick ? 1_000 : 4_000;
const SETTLE_MS = 3_000;
const IDLE_LIMIT = 2;
/** One at a time, so that each shows whether its own key has been painted. */
const LETTERS = [...'ЖЗИЙЛФЦЧШЩЪЫЬЭЮЯбвгджзийл'];

interface Sized extends FleetSize {
  readonly limitMiB: number | undefined;
}

const nameOf = (size: FleetSize) =>
  `${size.environments}/${size.containers}${size.changesPerSecond > 0 ? `, ${size.changesPerSecond} changes/s` : ', quiet'}`;

/** From the start of the program to its first frame, and to the first row of a container. */
async function timeStart(size: FleetSize): Promise<[frame: number, rows: number]> {
  await using console = await ConsolePty.open(size);
  const frameAt = await console.seen('fleet');
  const rowsAt = await console.seen('shop-');
  return [frameAt - console.startedAtMs, rowsAt - console.startedAtMs];
}

async function benchStarts(size: FleetSize): Promise<void> {
  const times: [number, number][] = [];
  for (let index = 0; index < RUNS; index++) times.push(await timeStart(size));
  const frames = times.map(([frame]) => frame);
  const rows = times.map(([, row]) => row);
  const median = (atMost: number) => ({ limits: [{ of: 'median', atMost }] }) as const;
  report(figureOf(`first frame, ${nameOf(size)}`, 'ms', frames, median(300)));
  report(figureOf(`first rows, ${nameOf(size)}`, 'ms', rows, median(1_000)));
}

/** Types letters that stand nowhere else on the screen into a prompt; each is timed from its key to its paint. */
async function timeLetters(console: ConsolePty, prompt: string): Promise<number[][]> {
  console.press(prompt);
  await sleep(500);
  const runs: number[][] = Array.from({ length: RUNS }, () => []);
  for (let index = 0; index < RUNS * KEYS; index++) {
    const letter = LETTERS[index % LETTERS.length] as string;
    const painted = console.seen(letter);
    const pressedAt = performance.now();
    console.press(letter);
    runs[Math.floor(index / KEYS)]?.push((await painted) - pressedAt);
    console.press('\x7f');
    // Not in step with the paint clock.
    await sleep(80 + ((index * 37) % 90));
  }
  console.press('\x1b');
  await sleep(500);
  return runs;
}

async function benchRest(console: ConsolePty, size: Sized, bare: Figure): Promise<void> {
  const cpu: number[] = [];
  const bytes: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = { cpu: cpuMs(console.pid), bytes: console.written };
    await sleep(REST_MS);
    cpu.push((100 * (cpuMs(console.pid) - before.cpu)) / REST_MS);
    bytes.push((console.written - before.bytes) / 1_024 / (REST_MS / 1_000));
    memory.push(residentMiB(console.pid));
  }
  const isIdle = size.changesPerSecond === 0;
  const most = (atMost: number | undefined): readonly Limit[] =>
    isIdle && atMost !== undefined ? [{ of: 'median', atMost }] : [];
  const name = nameOf(size);
  const idle = size.limitMiB === 120 ? IDLE_LIMIT : undefined;
  report(figureOf(`processor at rest, ${name}`, '% of a core', cpu, { limits: most(idle) }));
  report(figureOf(`to the terminal, ${name}`, 'KiB/s', bytes, { limits: most(5) }));
  const limits = most(size.limitMiB);
  report(figureOf(`memory, ${name}`, 'MiB', memory, { beside: bare, limits }));
}

async function benchOperator(size: Sized, bare: Figure): Promise<void> {
  await using console = await ConsolePty.open(size);
  await console.seen('shop-');
  await sleep(SETTLE_MS);
  await benchRest(console, size, bare);
  const limits = [{ of: 'p99', atMost: 50 }] as const;
  const command = await timeLetters(console, ':');
  report(figureOf(`key in the command line, ${nameOf(size)}`, 'ms', command, { limits }));
  const filter = await timeLetters(console, '/');
  report(figureOf(`key in the filter, ${nameOf(size)}`, 'ms', filter, { limits }));
}

const bare = await reportBareNode();
for (const { environments, containers, limitMiB } of SIZES) {
  const size = { environments, containers, limitMiB };
  await benchStarts({ ...size, changesPerSecond: 0 });
  await benchOperator({ ...size, changesPerSecond: 0 }, bare);
  await benchOperator({ ...size, changesPerSecond: containers / 100 }, bare);
}
