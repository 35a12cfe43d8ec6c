/** The built fleet-agent as a process of its own, on a free port of loopback or wholly on one of the rig's hosts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestEngine } from './engine.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
import { listener, secretsIn } from './told.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/fleet-agent.js', import.meta.url));
const RIG_HOST = fileURLToPath(new URL('../rig/host', import.meta.url));
const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 10_000;

export interface AgentOptions {
  /** The engine's socket; without one the agent looks for an engine itself. */
  readonly socketPath?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Kept by the caller, for agents that start again; else a folder that goes with the agent. */
  readonly dataFolder?: string;
  /** Runs it on this engine's host, beside the engine, where it sees the volumes. */
  readonly on?: TestEngine;
}

/** Disposing sends SIGTERM and waits; an agent that does not end then is an error. */
export interface TestAgent extends AsyncDisposable {
  /** Empty in edge mode, where nothing listens. */
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly dataFolder: string;
  /** All it has said on stderr, JSON lines. */
  log(): string;
  /** Resolves when the log holds the text; rejects with the log when it does not in time, 15 s unless said. */
  says(text: string, timeoutMs?: number): Promise<void>;
  /** Sends the signal and resolves with the exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startAgent(options: AgentOptions): Promise<TestAgent> {
  const { on } = options;
  const folder = options.dataFolder === undefined ? await temporaryFolder() : undefined;
  const dataFolder = options.dataFolder ?? folder?.path ?? '';
  const { socketPath } = options;
  const env = {
    ...inherited(),
    ...(socketPath === undefined ? {} : { DOCKER_HOST: `unix://${socketPath}` }),
    AGENT_HOST: on ? '0.0.0.0' : '127.0.0.1',
    AGENT_PORT: '0',
    DATA_PATH: dataFolder,
    LOG_MODE: 'JSON',
    ...options.env,
  };
  secretsIn(env);
  const command = [process.execPath, PROGRAM];
  const [file, ...args] = on ? [RIG_HOST, 'exec', on.name, ...command] : command;
  const child = spawn(file ?? '', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const agent = new RunningAgent(child, dataFolder, folder);
  try {
    if (options.env?.EDGE === undefined) await agent.listens(on?.address ?? env.AGENT_HOST);
    else await agent.says('Edge mode');
    return agent;
  } catch (error) {
    child.kill('SIGKILL');
    await folder?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** What the agent reads must not come from the machine that runs the tests. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', RIG_NET, FLEET_TEST_RUN } = process.env;
  const { NODE_OPTIONS = '', FLEET_BENCH_PROFILES } = process.env;
  return {
    PATH,
    HOME,
    ...(RIG_NET ? { RIG_NET } : {}),
    ...(FLEET_TEST_RUN ? { FLEET_TEST_RUN } : {}),
    ...(FLEET_BENCH_PROFILES ? { NODE_OPTIONS, FLEET_BENCH_PROFILES } : {}),
  };
}

class RunningAgent implements TestAgent {
  host = '';
  port = 0;
  readonly dataFolder: string;
  readonly #child: ChildProcess;
  readonly #folder: TemporaryFolder | undefined;
  #log = '';
  #hear: () => void = () => {};

  constructor(child: ChildProcess, dataFolder: string, folder: TemporaryFolder | undefined) {
    this.#child = child;
    this.dataFolder = dataFolder;
    this.#folder = folder;
    const tell = listener('fleet-agent');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      tell(text);
      this.#log += text;
      this.#hear();
    });
    child.on('exit', () => this.#hear());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  log(): string {
    return this.#log;
  }

  async listens(host: string): Promise<void> {
    await this.says('Listening on');
    this.host = host;
    this.port = Number(/"port":(\d+)/.exec(this.#log)?.[1]);
  }

  async says(text: string, timeoutMs = START_DEADLINE_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.#log.includes(text)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#child.exitCode !== null) {
        throw new Error(`The agent did not say "${text}". It said:\n${this.#log}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#hear = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return this.#child.exitCode;
    const exit = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill(signal);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS);
    const [code] = await exit;
    clearTimeout(force);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const code = await this.stop();
    await this.#folder?.[Symbol.asyncDispose]();
    if (code === null && this.#child.signalCode === 'SIGKILL') {
      throw new Error(`The agent did not stop by itself. Its log:\n${this.#log}`);
    }
  }
}
