/**
 * The whole console over fleets of three sizes, driven through a pty by a scripted operator: first frame, key to paint,
 * processor time, memory and bytes at rest and while 1 % of all containers change each second. Beside it, what Node alone needs.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsolePty, type FleetSize } from './support/console-pty.ts';
import { type Figures, figuresOf, printFigures } from './support/figures.ts';
import { cpuMs, residentMiB } from './support/process-cost.ts';

const SIZES = [
  { environments: 50, containers: 2_000 },
  { environments: 500, containers: 20_000 },
  { environments: 1_000, containers: 50_000 },
] as const;
const KEYS = 60;
const STARTS = 5;
const REST_MS = 10_000;
const SETTLE_MS = 3_000;
/** One at a time, so that each shows whether its own key has been painted. */
const LETTERS = [...'ЖЗИЙЛФЦЧШЩЪЫЬЭЮЯбвгджзийл'];

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
  for (let index = 0; index < STARTS; index++) times.push(await timeStart(size));
  printFigures(`first frame, ${nameOf(size)}`, figuresOf(times.map(([frame]) => frame)));
  printFigures(`first rows, ${nameOf(size)}`, figuresOf(times.map(([, rows]) => rows)));
}

/** Types letters that stand nowhere else on the screen into a prompt; each is timed from its key to its paint. */
async function timeLetters(console: ConsolePty, prompt: string): Promise<Figures> {
  console.press(prompt);
  await sleep(500);
  const times: number[] = [];
  for (let index = 0; index < KEYS; index++) {
    const letter = LETTERS[index % LETTERS.length] as string;
    const painted = console.seen(letter);
    const pressedAt = performance.now();
    console.press(letter);
    times.push((await painted) - pressedAt);
    console.press('\x7f');
    // Not in step with the paint clock.
    await sleep(80 + ((index * 37) % 90));
  }
  console.press('\x1b');
  await sleep(500);
  return figuresOf(times);
}

async function benchRest(console: ConsolePty, size: FleetSize): Promise<void> {
  const cpuBefore = cpuMs(console.pid);
  const bytesBefore = console.written;
  await sleep(REST_MS);
  const share = (100 * (cpuMs(console.pid) - cpuBefore)) / REST_MS;
  const bytes = (console.written - bytesBefore) / (REST_MS / 1_000);
  const words = `${share.toFixed(1)} % of a core, ${residentMiB(console.pid).toFixed(0)} MiB, ${(bytes / 1024).toFixed(1)} KiB/s to the terminal`;
  globalThis.console.log(`  ${`at rest, ${nameOf(size)}`.padEnd(44)} ${words}`);
}

async function benchOperator(size: FleetSize): Promise<void> {
  await using console = await ConsolePty.open(size);
  await console.seen('shop-');
  await sleep(SETTLE_MS);
  await benchRest(console, size);
  printFigures(`key in the command line, ${nameOf(size)}`, await timeLetters(console, ':'));
  printFigures(`key in the filter, ${nameOf(size)}`, await timeLetters(console, '/'));
}

/** Resident memory of a Node that does nothing: the floor of everything above. */
async function bareNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  await sleep(1_000);
  const floor = residentMiB(child.pid as number);
  child.kill();
  return floor;
}

console.log(`  bare Node: ${(await bareNodeMiB()).toFixed(0)} MiB`);
for (const size of SIZES) {
  await benchStarts({ ...size, changesPerSecond: 0 });
  await benchOperator({ ...size, changesPerSecond: 0 });
  await benchOperator({ ...size, changesPerSecond: size.containers / 100 });
}
