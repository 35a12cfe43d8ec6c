/** The built console in a pty, on a fleet that a feed server of ours makes up; keys go in, bytes and their times come out. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty, { type IPty } from '@lydell/node-pty';

export interface FleetSize {
  readonly environments: number;
  readonly containers: number;
  readonly changesPerSecond: number;
}

export interface ConsoleLooks {
  readonly args?: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
}

const DEADLINE_MS = 60_000;

/** A server of its own process; killed when disposed of. */
async function startFeedServer(size: FleetSize): Promise<[ChildProcess, string]> {
  const file = new URL('./programs/feed-server.mjs', import.meta.url);
  const server = fork(file, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ENVIRONMENTS: String(size.environments),
      CONTAINERS: String(size.containers),
      CHANGES: String(size.changesPerSecond),
    },
  });
  const [line] = await once(server.stdout as NonNullable<typeof server.stdout>, 'data');
  return [server, String(line)];
}

/** A console with a saved, signed-in context; 120x40 unless told. */
export class ConsolePty implements AsyncDisposable {
  readonly #terminal: IPty;
  readonly #server: ChildProcess;
  readonly #home: string;
  readonly startedAtMs = performance.now();
  /** Bytes the console has written so far. */
  written = 0;
  #onData: (data: string) => void = () => {};

  private constructor(server: ChildProcess, home: string, looks: ConsoleLooks) {
    this.#server = server;
    this.#home = home;
    const { SSH_TTY: _, SSH_CONNECTION: __, ...ours } = process.env;
    const { args = [], cols = 120, rows = 40 } = looks;
    this.#terminal = pty.spawn(process.execPath, ['dist/fleet-tui.js', ...args], {
      name: 'xterm-256color',
      cols,
      rows,
      env: { ...ours, LANG: 'C.UTF-8', HOME: home, FLEET_TUI_CONFIG_DIR: home },
    });
    this.#terminal.onData((data) => {
      this.written += Buffer.byteLength(data);
      this.#onData(data);
    });
  }

  static async open(size: FleetSize, looks: ConsoleLooks = {}): Promise<ConsolePty> {
    const [server, line] = await startFeedServer(size);
    const { url, fingerprint } = JSON.parse(line);
    const home = await mkdtemp(join(tmpdir(), 'fleet-bench-'));
    const credential = { token: 'ptr_bench', username: 'admin' };
    const context = { kind: 'server', name: 'bench', url, fingerprint, credential };
    const book = { current: 'bench', contexts: [context], agentPins: [] };
    await writeFile(join(home, 'contexts.json'), JSON.stringify(book), { mode: 0o600 });
    return new ConsolePty(server, home, looks);
  }

  get pid(): number {
    return this.#terminal.pid;
  }

  press(keys: string): void {
    this.#terminal.write(keys);
  }

  /** When what has been written since the call first holds the text, by performance.now(). Rejects after a minute. */
  async seen(text: string): Promise<number> {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`The console never showed ${text}.`)),
        DEADLINE_MS,
      );
      let all = '';
      this.#onData = (data) => {
        all += data;
        if (!all.includes(text)) return;
        clearTimeout(late);
        this.#onData = () => {};
        resolve(performance.now());
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#terminal.onExit(resolve));
    this.#terminal.kill('SIGTERM');
    await ended;
    this.#server.kill();
    await rm(this.#home, { recursive: true, force: true });
  }
}
