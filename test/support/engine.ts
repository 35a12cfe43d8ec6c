/**
 * Real Docker engines for tests, each isolated on a host of its own by `test/rig`.
 * Names carry the run's mark (FLEET_TEST_RUN), so that a run can take down its own engines and no other's.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RIG = fileURLToPath(new URL('../rig/', import.meta.url));

export type EngineVersion = 'old' | 'new' | 'podman' | 'edge';

/** A running engine with the base images of the rig (busybox, rig/app). Disposing takes it down, containers and all. */
export interface TestEngine extends AsyncDisposable {
  readonly name: string;
  readonly version: EngineVersion;
  /** The engine's socket, seen from this machine. */
  readonly socketPath: string;
  /** IPv4 address of its host on the rig's switch; published ports are here. */
  readonly address: string;
  /** Runs the docker CLI against the engine; stdout without its final newline, rejects with the CLI's stderr. */
  docker(...args: string[]): Promise<string>;
  /** Stops the daemons in good order; data stays. */
  stop(): Promise<void>;
  /** Starts the daemons again. */
  start(): Promise<void>;
  /** Kills the daemon with SIGKILL; data stays. */
  kill(): Promise<void>;
}

export interface EngineOptions {
  readonly version: EngineVersion;
  /** A word of the test's choosing (a-z, 0-9) that shows at the end of the host's name. */
  readonly name?: string;
  /** Extra flags for the daemon, such as `--live-restore`. */
  readonly daemonArgs?: readonly string[];
}

/** Runs a script of the rig with the arguments given; rejects with its own words. */
export async function rig(script: string, ...args: string[]): Promise<string> {
  return await command(`${RIG}${script}`, args, process.env);
}

/** An engine of the version asked for, up and answering; fails loudly when this machine cannot run one. */
export async function startEngine(options: EngineOptions): Promise<TestEngine> {
  const name = engineName(options.name);
  const { version, daemonArgs = [] } = options;
  await rig('engine', 'up', name, '--version', version, '--', ...daemonArgs);
  const address = await rig('host', 'addr', name);
  const socketPath = `/run/rig/${name}/docker.sock`;
  const { DOCKER_CONTEXT: _, ...rest } = process.env;
  const env = { ...rest, DOCKER_HOST: `unix://${socketPath}` };
  return {
    name,
    version,
    socketPath,
    address,
    docker: (...args) => command('docker', args, env),
    stop: async () => void (await rig('engine', 'stop', name)),
    start: async () => void (await rig('engine', 'start', name)),
    kill: async () => void (await rig('engine', 'kill', name)),
    [Symbol.asyncDispose]: async () => void (await rig('engine', 'down', name)),
  };
}

/** At most 14 characters, as host names of the rig are: mark of the run, random part, the test's word. */
function engineName(word: string | undefined): string {
  const mark = process.env.FLEET_TEST_RUN ?? 't';
  const random = randomBytes(2).toString('hex');
  return `${mark}${random}${word === undefined ? '' : `-${word}`}`.slice(0, 14).replace(/-$/, '');
}

async function command(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    const options = { env, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run(file, [...args], options);
    return stdout.replace(/\n$/, '');
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: unknown };
    const words = stderr.trim() || String(code ?? error);
    throw new Error(`${file} ${args.join(' ')}: ${words}`, { cause: error });
  }
}
