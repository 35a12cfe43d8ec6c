/** A home folder of its own for `npm start`, and a look at which processes it has running. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Disposing removes the folder; what still runs there is the test's to end. */
export interface StartHome extends AsyncDisposable {
  readonly folder: string;
  /** The server's data folder. */
  readonly data: string;
  /** Environment for `npm start`: this home, no context or engine of the person who runs the tests. */
  readonly env: NodeJS.ProcessEnv;
  /** "pid: command" of every process that was started with this home. */
  running(): Promise<string[]>;
}

/** An empty home whose engine is at the address given. */
export async function startHome(dockerHost: string | undefined): Promise<StartHome> {
  const folder = await mkdtemp(join(tmpdir(), 'start-'));
  const own = {
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_RUNTIME_DIR: folder,
    DOCKER_HOST: dockerHost,
    DOCKER_CONTEXT: undefined,
    FLEET_TUI_CONFIG_DIR: undefined,
    // Of the `npm test` around us.
    npm_config_prefix: undefined,
  };
  const env = { ...process.env, ...own };
  return {
    folder,
    data: join(own.XDG_DATA_HOME, 'fleet-tui/server'),
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    running: () => processesWith(`XDG_DATA_HOME=${own.XDG_DATA_HOME}`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function processesWith(variable: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (!(await read('environ')).split('\0').includes(variable)) continue;
    found.push(`${pid}: ${(await read('cmdline')).replaceAll('\0', ' ').trim()}`);
  }
  return found;
}
