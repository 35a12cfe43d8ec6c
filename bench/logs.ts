/**
 * Logs on real engines, the console in a pty of 120x40: one log and fifty merged from five hosts, first at 2,000 lines/s
 * together, then in bursts as fast as the engines take them, counting what never came to the view. Needs root, a built dist/ and the rig's engines.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent } from '../test/support/agent.ts';
import { Closing } from '../test/support/closing.ts';
import { addDirectAgent } from '../test/support/direct-environment.ts';
import { startEngine, type TestEngine } from '../test/support/engine.ts';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { openConsole, serveFleet } from '../test/support/served-fleet.ts';
import type { TestServer } from '../test/support/server.ts';
import type { TestTerminal } from '../test/support/terminal.ts';
import { figureOf, isQuick, type Limit, report } from './report/figure.ts';

const LINES_PER_SECOND = 2_000;
const HOSTS = 5;
const LOGS_EACH = 10;
const BURST = 60_000;
const SETTLE_MS = 5_000;
/** Longer than any pause of the view. */
const STUCK_MS = 10_000;
const NONE = { of: 'median', atMost: 0 } as const;
const RUNS = 5;
const MEASURE_MS = isQuick ? 1_000 : 3_000;
const PATIENT = { timeoutMs: 60_000 };
const TEXT = 'INFO GET /cart/7f3a 200 31ms upstream=pay-2 bytes=18231';

/** Writes so many lines, no two alike, in tenths of a second, as near to it as a shell comes. */
const writer = (perSecond: number) =>
  `i=0; while true; do i=$((i+1)); seq ${Math.round(perSecond / 10)} | sed "s,^,INFO GET /cart/$i-,"; sleep 0.1; done`;

async function run(engine: TestEngine, name: string, script: string): Promise<void> {
  await engine.docker('run', '-d', '--init', '--name', name, 'busybox', 'sh', '-c', script);
}

/** What the console costs while it shows the view, and what that view says of itself. */
async function measure(what: string, console_: TestTerminal, more: LogLimits = {}): Promise<void> {
  await sleep(SETTLE_MS);
  const { pid } = console_;
  const lines = () => held(console_) + letGo(console_);
  const taken: Taken = { lines: [], cpu: [], bytes: [], memory: [] };
  const letGoBefore = letGo(console_);
  for (let run = 0; run < RUNS; run++) {
    const before = { atMs: performance.now(), cpu: cpuMs(pid), lines: lines() };
    const written = console_.written.length;
    await sleep(MEASURE_MS);
    const seconds = (performance.now() - before.atMs) / 1_000;
    taken.cpu.push((cpuMs(pid) - before.cpu) / 10 / seconds);
    taken.bytes.push((console_.written.length - written) / 1_024 / seconds);
    taken.lines.push((lines() - before.lines) / seconds);
    taken.memory.push(residentMiB(pid));
  }
  const lost = letGo(console_) - letGoBefore;
  tell(what, taken, more);
  report(figureOf(`older lines let go, ${what}`, '', [lost], { better: 'none' }));
}

interface Taken {
  readonly lines: number[];
  readonly cpu: number[];
  readonly bytes: number[];
  readonly memory: number[];
}

interface LogLimits {
  /** In % of a core. */
  readonly cpu?: number;
}

function tell(
  what: string,
  { lines, cpu, bytes, memory }: Taken,
  { cpu: atMost }: LogLimits,
): void {
  const limits: readonly Limit[] = atMost === undefined ? [] : [{ of: 'median', atMost }];
  report(figureOf(`lines taken, ${what}`, '1/s', lines, { better: 'higher' }));
  report(figureOf(`processor of the console, ${what}`, '% of a core', cpu, { limits }));
  const rate = { limits: [{ of: 'median', atMost: 64 }] } as const;
  report(figureOf(`to the terminal, ${what}`, 'KiB/s', bytes, rate));
  report(figureOf(`memory of the console, ${what}`, 'MiB', memory));
}

const numberIn = (text: string) => Number(text.replaceAll(',', ''));

/** Lines in the view; a title without that number would be read as a loss. */
function held(console_: TestTerminal): number {
  const told = /([\d,]+) lines?\b/.exec(console_.screen())?.[1];
  if (told === undefined) throw new Error(`No count of lines is shown:\n${console_.screen()}`);
  return numberIn(told);
}

const letGo = (console_: TestTerminal) =>
  numberIn(/([\d,]+) older let go/.exec(console_.screen())?.[1] ?? '0');

const LOOKS = { cols: 120, rows: 40 };

async function openView(console_: TestTerminal, filter: string, key: string): Promise<void> {
  await console_.sees(filter, PATIENT);
  console_.type(`/${filter}`);
  console_.press('enter', key);
  await console_.sees(/ logs .* follow/, PATIENT);
}

const dockerArgs = ({ socketPath }: TestEngine) => ['--docker', `unix://${socketPath}`];

async function benchOne(engine: TestEngine, config: string): Promise<void> {
  await run(engine, 'fast', writer(LINES_PER_SECOND));
  await using console_ = await openConsole(config, { ...LOOKS, args: dockerArgs(engine) });
  await openView(console_, 'fast', 'l');
  await measure(`one log of about ${LINES_PER_SECOND} lines/s`, console_, { cpu: 10 });
  await engine.docker('rm', '-f', 'fast');
}

/**
 * Writes one line when it is ready for signals, and at each SIGUSR1 so many as fast as it can; /bursts says how often it did.
 */
const burster = (lines: number) =>
  `n=0; trap 'yes "${TEXT}" | head -n ${lines}; n=$((n+1)); echo $n >/bursts' USR1; echo ready; while true; do sleep 0.1; done`;

interface Burst {
  readonly what: string;
  /** Finds the writers in the list, and the key that opens their logs. */
  readonly filter: string;
  readonly key: string;
  /** All containers that write together. */
  readonly writers: ReadonlyMap<TestEngine, readonly string[]>;
  readonly linesEach: number;
}

const countOf = ({ writers }: Burst) => [...writers.values()].flat().length;

/**
 * Opens the view and waits until each log is followed: one that is opened after a burst brings its last lines only (400
 * of fifty logs), and those before are older lines, not lost ones.
 */
async function openBursts(burst: Burst, console_: TestTerminal): Promise<void> {
  await openView(console_, burst.filter, burst.key);
  await console_.sees(new RegExp(`\\b${countOf(burst)} lines?\\b`), PATIENT);
}

/** Bursts one after the other: lines a second until all have come, and how many never came. */
async function measureBursts(burst: Burst, console_: TestTerminal): Promise<void> {
  const { what, writers, linesEach } = burst;
  const count = countOf(burst) * linesEach;
  const arrived = () => held(console_) + letGo(console_);
  const rates: number[] = [];
  let lost = 0;
  for (let run = 0; run <= RUNS; run++) {
    const before = arrived();
    const startedAt = performance.now();
    const signals = [...writers].map(([engine, names]) =>
      engine.docker('kill', '-s', 'USR1', ...names),
    );
    await Promise.all(signals);
    await settled(arrived, before + count);
    const came = arrived() - before;
    const seconds = (performance.now() - startedAt) / 1_000;
    lost += count - came;
    if (run > 0) rates.push(came / seconds);
  }
  if (lost !== 0) await blame(burst, console_);
  report(figureOf(`lines taken, ${what}`, '1/s', rates, { better: 'higher' }));
  report(figureOf(`lines that never came, ${what}`, '', [lost], { limits: [NONE] }));
}

/** Fails when it was the writers that wrote less; else prints what the view says of each log. */
async function blame({ writers, linesEach, key }: Burst, console_: TestTerminal): Promise<void> {
  for (const [engine, names] of writers) {
    for (const name of names) {
      const bursts = Number(await engine.docker('exec', name, 'cat', '/bursts'));
      if (bursts === RUNS + 1) continue;
      throw new Error(`${name} on ${engine.name} wrote ${bursts} of ${RUNS + 1} bursts.`);
    }
  }
  if (key === 'L') {
    console_.press('a');
    await console_.sees('[x]', PATIENT);
  }
  console.log(`  Each should have ${linesEach * (RUNS + 1) + 1} lines:\n${console_.screen()}`);
}

/** Until as many have come, or nothing has come any more for a while. */
async function settled(arrived: () => number, wanted: number): Promise<void> {
  let [last, sinceMs] = [arrived(), performance.now()];
  while (last < wanted && performance.now() - sinceMs < STUCK_MS) {
    await sleep(20);
    const now = arrived();
    if (now !== last) [last, sinceMs] = [now, performance.now()];
  }
}

async function benchBurst(engine: TestEngine, config: string): Promise<void> {
  await run(engine, 'bursts', burster(BURST));
  const writers = new Map([[engine, ['bursts']]]);
  const what = `one log, bursts of ${BURST} lines`;
  const burst: Burst = { what, writers, linesEach: BURST, filter: 'bursts', key: 'l' };
  await using console_ = await openConsole(config, { ...LOOKS, args: dockerArgs(engine) });
  await openBursts(burst, console_);
  await measureBursts(burst, console_);
  await engine.docker('rm', '-f', 'bursts');
}

async function addHost(server: TestServer, engine: TestEngine, closing: Closing): Promise<void> {
  const agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  await addDirectAgent(server, agent, engine.name);
}

async function benchMany(first: TestEngine, closing: Closing): Promise<void> {
  const names = Array.from({ length: HOSTS - 1 }, (_, at) => `lg${at}`);
  const others: TestEngine[] = [];
  for (const name of names) others.push(closing.use(await startEngine({ version: 'new', name })));
  const fleet = await serveFleet(closing, first.socketPath);
  for (const engine of others) await addHost(fleet.server, engine, closing);
  const engines = [first, ...others];
  const perLog = LINES_PER_SECOND / (HOSTS * LOGS_EACH);
  await fillHosts(engines, 'many', writer(perLog));
  {
    await using console_ = await fleet.console(LOOKS);
    await openView(console_, 'many', 'L');
    const what = `${HOSTS * LOGS_EACH} logs on ${HOSTS} hosts, ${LINES_PER_SECOND} lines/s together`;
    await measure(what, console_);
  }
  for (const engine of engines) await engine.docker('rm', '-f', ...namesOf('many'));
  const linesEach = BURST / LOGS_EACH / HOSTS;
  await fillHosts(engines, 'burst', burster(linesEach));
  const writers = new Map(engines.map((engine) => [engine, namesOf('burst')]));
  const what = `${HOSTS * LOGS_EACH} logs on ${HOSTS} hosts, bursts of ${BURST} lines together`;
  const burst: Burst = { what, writers, linesEach, filter: 'burst', key: 'L' };
  await using console_ = await fleet.console(LOOKS);
  await openBursts(burst, console_);
  await measureBursts(burst, console_);
}

const namesOf = (prefix: string) =>
  Array.from({ length: LOGS_EACH }, (_, index) => `${prefix}-${index}`);

async function fillHosts(engines: readonly TestEngine[], prefix: string, script: string) {
  for (const engine of engines) {
    for (const name of namesOf(prefix)) await run(engine, name, script);
  }
}

const closing = new Closing();
try {
  const config = await mkdtemp(join(tmpdir(), 'fleet-bench-'));
  closing.defer(() => rm(config, { recursive: true, force: true }));
  const engine = closing.use(await startEngine({ version: 'new', name: 'lg' }));
  await benchOne(engine, config);
  await benchBurst(engine, config);
  await benchMany(engine, closing);
} finally {
  await closing.close();
}
