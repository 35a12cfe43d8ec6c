/**
 * Our console beside other programs that show the containers of one engine, each in a pty of 120x40 over the same real
 * engine: `docker stats` (Debian's docker.io), and dockly where the variable DOCKLY names its index.js. At rest, first with
 * quiet containers; the console then also with the log of one that writes 200 lines a second.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import { startEngine, type TestEngine } from '../test/support/engine.ts';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { cannotRun, type Figure, figureOf, isQuick, report } from './report/figure.ts';

const CONTAINERS = 40;
const RUNS = 5;
const REST_MS = isQuick ? 500 : 3_000;
const SETTLE_MS = 5_000;
const FIRST_ROWS_MS = 30_000;
const LOG_MS = 10_000;
const LINE = '/cart';
const CHATTER = `n=0; while true; do for i in 1 2 3 4 5 6 7 8 9 10; do n=$((n+1)); echo "GET ${LINE} $n 200 31ms"; done; usleep 50000; done`;

interface Peer {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Keys that show the log of the one that writes; absent where a program has no such thing. */
  readonly logKeys?: readonly string[];
}

function peersOf({ socketPath }: TestEngine): readonly Peer[] {
  const ours = ['dist/fleet-tui.js', '--docker', `unix://${socketPath}`];
  const known: Peer[] = [
    { name: 'fleet-tui', file: process.execPath, args: ours, logKeys: ['/chatter\r', 'l'] },
    { name: 'docker stats', file: 'docker', args: ['stats'] },
  ];
  const dockly = process.env.DOCKLY;
  if (dockly === undefined) {
    console.log('  dockly is measured where the variable DOCKLY names its index.js.');
    return known;
  }
  if (!existsSync(dockly)) {
    cannotRun('dockly', `there is no ${dockly}`);
    return known;
  }
  const args = [dockly, '--socketPath', socketPath];
  return [...known, { name: 'dockly', file: process.execPath, args }];
}

async function startContainers(engine: TestEngine): Promise<void> {
  // First in each program's list, which is sorted by name or by age.
  for (let index = 1; index < CONTAINERS; index++) {
    const name = `shop-web-${String(index).padStart(2, '0')}`;
    await engine.docker('run', '-d', '--network', 'host', '--name', name, 'busybox', 'sleep', '1d');
  }
  const name = ['--name', 'shop-chatter'];
  await engine.docker('run', '-d', '--network', 'host', ...name, 'busybox', 'sh', '-c', CHATTER);
  await engine.docker('pause', 'shop-chatter');
}

interface Costs {
  readonly cpu: Figure;
  readonly memory: Figure;
  readonly bytes: Figure;
}

class Shown implements AsyncDisposable {
  readonly #terminal: pty.IPty;
  readonly #home: string;
  written = 0;
  #hasLine = false;
  /** From the start to the first container's name on the terminal; undefined when it never came. */
  readonly firstRowMs: Promise<number | undefined>;

  private constructor(peer: Peer, engine: TestEngine, home: string) {
    this.#home = home;
    const { SSH_TTY: _, SSH_CONNECTION: __, ...env } = process.env;
    const startedAt = performance.now();
    this.#terminal = pty.spawn(peer.file, [...peer.args], {
      name: 'xterm-256color',
      cols: 120,
      rows: 40,
      env: { ...env, LANG: 'C.UTF-8', HOME: home, DOCKER_HOST: `unix://${engine.socketPath}` },
    });
    this.firstRowMs = new Promise((resolve) => {
      setTimeout(() => resolve(undefined), FIRST_ROWS_MS).unref();
      this.#terminal.onData((data) => {
        this.written += Buffer.byteLength(data);
        if (data.includes(LINE)) this.#hasLine = true;
        if (data.includes('shop-')) resolve(performance.now() - startedAt);
      });
    });
  }

  static async start(peer: Peer, engine: TestEngine): Promise<Shown> {
    return new Shown(peer, engine, await mkdtemp(join(tmpdir(), 'fleet-bench-')));
  }

  /** Presses the keys one by one; whether a line of the log was on the terminal in the end. */
  async openLog(keys: readonly string[]): Promise<boolean> {
    this.#hasLine = false;
    for (const key of keys) {
      this.#terminal.write(key);
      await sleep(500);
    }
    for (let waitedMs = 0; waitedMs < LOG_MS && !this.#hasLine; waitedMs += 100) await sleep(100);
    return this.#hasLine;
  }

  /** Reports what it costs to leave it alone. */
  async cost(what: string, ours: Costs | undefined): Promise<Costs> {
    const { pid } = this.#terminal;
    const [cpu, rate, memory]: [number[], number[], number[]] = [[], [], []];
    for (let run = 0; run < RUNS; run++) {
      const before = { cpu: cpuMs(pid), written: this.written };
      await sleep(REST_MS);
      cpu.push((100 * (cpuMs(pid) - before.cpu)) / REST_MS);
      rate.push((this.written - before.written) / (REST_MS / 1_000) / 1_024);
      memory.push(residentMiB(pid));
    }
    const to = (beside: Figure | undefined) => (beside ? { beside } : {});
    return {
      cpu: report(figureOf(`processor, ${what}`, '% of a core', cpu, to(ours?.cpu))),
      memory: report(figureOf(`memory, ${what}`, 'MiB', memory, to(ours?.memory))),
      bytes: report(figureOf(`to the terminal, ${what}`, 'KiB/s', rate, to(ours?.bytes))),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#terminal.onExit(resolve));
    this.#terminal.kill('SIGKILL');
    await ended;
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** First rows of each start; those of the last start are on the screen. */
async function benchStarts(peer: Peer, engine: TestEngine): Promise<void> {
  const firstMs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using shown = await Shown.start(peer, engine);
    const ms = await shown.firstRowMs;
    if (ms === undefined) return cannotRun(`first row of ${peer.name}`, 'it never came in 30 s');
    firstMs.push(ms);
  }
  report(figureOf(`first row, ${peer.name}`, 'ms', firstMs));
}

async function benchPeer(peer: Peer, engine: TestEngine, ours: Costs | undefined): Promise<Costs> {
  await benchStarts(peer, engine);
  await using shown = await Shown.start(peer, engine);
  await shown.firstRowMs;
  await sleep(SETTLE_MS);
  const costs = await shown.cost(`${peer.name}, ${CONTAINERS} quiet containers`, ours);
  if (peer.logKeys === undefined) return costs;
  await engine.docker('unpause', 'shop-chatter');
  if (await shown.openLog(peer.logKeys)) {
    await sleep(SETTLE_MS);
    await shown.cost(`${peer.name}, a log of 200 lines/s`, undefined);
  } else cannotRun(`a log in ${peer.name}`, 'its lines never showed');
  await engine.docker('pause', 'shop-chatter');
  return costs;
}

await using engine = await startEngine({ version: 'new', name: 'peers' });
await startContainers(engine);
let ours: Costs | undefined;
for (const peer of peersOf(engine)) {
  const costs = await benchPeer(peer, engine, ours);
  ours ??= costs;
}
