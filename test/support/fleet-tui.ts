/** The built console as a child process without a terminal, with a config folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';
import { listener } from './told.ts';

export const FLEET_TUI = fileURLToPath(new URL('../../dist/fleet-tui.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TuiHome extends AsyncDisposable {
  /** Its FLEET_TUI_CONFIG_DIR. */
  readonly config: string;
  /** Whole environment for a child; no engine, no context of the person who runs the tests. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs to its end. */
  run(...args: readonly string[]): Promise<Finished>;
}

/** An empty home, where DOCKER_HOST names no engine unless one is given. */
export async function tuiHome(dockerHost = 'unix:///nonexistent/docker.sock'): Promise<TuiHome> {
  const folder = await temporaryFolder();
  const { DOCKER_CONTEXT: _, NO_COLOR: __, ...rest } = process.env;
  const env = {
    ...rest,
    HOME: folder.path,
    FLEET_TUI_CONFIG_DIR: folder.path,
    DOCKER_HOST: dockerHost,
  };
  return {
    config: folder.path,
    env,
    run: async (...args) => {
      const child = spawn(process.execPath, [FLEET_TUI, ...args], { env });
      child.stdin.end();
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit') as Promise<[number | null]>,
      ]);
      listener('console')(stdout + stderr);
      return { code, stdout, stderr };
    },
    [Symbol.asyncDispose]: async () => await folder[Symbol.asyncDispose](),
  };
}
