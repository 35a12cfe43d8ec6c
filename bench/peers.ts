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
import { cpuMs, residentMiB } from './support/process-cost.ts';

const CONTAINERS = 40;
const REST_MS = 10_000;
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
  if (dockly === undefined || !existsSync(dockly)) {
    console.log('  dockly is left out: no variable DOCKLY names its index.js');
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

  /** What it costs over ten seconds, as words. */
  async cost(): Promise<string> {
    const { pid } = this.#terminal;
    const [cpu, bytes] = [cpuMs(pid), this.written];
    await sleep(REST_MS);
    const share = (100 * (cpuMs(pid) - cpu)) / REST_MS;
    const rate = (this.written - bytes) / (REST_MS / 1_000) / 1024;
    return `${share.toFixed(1)} % of a core, ${residentMiB(pid).toFixed(0)} MiB, ${rate.toFixed(1)} KiB/s to the terminal`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#terminal.onExit(resolve));
    this.#terminal.kill('SIGKILL');
    await ended;
    await rm(this.#home, { recursive: true, force: true });
  }
}

async function benchPeer(peer: Peer, engine: TestEngine): Promise<void> {
  await using shown = await Shown.start(peer, engine);
  const firstMs = await shown.firstRowMs;
  await sleep(SETTLE_MS);
  const first = firstMs === undefined ? 'no row in 30 s' : `first row ${firstMs.toFixed(0)} ms`;
  console.log(
    `  ${`${peer.name}, ${CONTAINERS} quiet containers`.padEnd(44)} ${first}; ${await shown.cost()}`,
  );
  if (peer.logKeys === undefined) return;
  await engine.docker('unpause', 'shop-chatter');
  const isOpen = await shown.openLog(peer.logKeys);
  await sleep(isOpen ? SETTLE_MS : 0);
  const cost = isOpen ? await shown.cost() : 'its log did not show';
  console.log(`  ${`${peer.name}, a log of 200 lines/s open`.padEnd(44)} ${cost}`);
  await engine.docker('pause', 'shop-chatter');
}

await using engine = await startEngine({ version: 'new', name: 'peers' });
await startContainers(engine);
for (const peer of peersOf(engine)) await benchPeer(peer, engine);
