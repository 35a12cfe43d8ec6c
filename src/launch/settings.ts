/** What `npm start` was asked for and where it keeps things; all paths below one data folder. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../protocol/fault.ts';

export interface LaunchSettings {
  readonly help: boolean;
  /** False: use an engine that is there, never install or start one. */
  readonly mayStartEngine: boolean;
  /** The server's data folder: store, certificate, admin-password, server.json. */
  readonly dataFolder: string;
  /** State of an engine that we start ourselves because no service manager does. */
  readonly engineFolder: string;
}

export const LAUNCH_HELP = `npm start [-- --no-engine]

Starts a server for this machine's Docker engine and opens the console on it.
Without a terminal it prints the fleet as a table.

  --no-engine   never install or start a Docker engine
  --help        this text

State is kept in $XDG_DATA_HOME/fleet-tui (or ~/.local/share/fleet-tui).
`;

/** Reads the arguments after `npm start --` and XDG_DATA_HOME; Fault bad-settings for an unknown flag. */
export function readLaunchSettings(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): LaunchSettings {
  const options = {
    'no-engine': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options, allowPositionals: false });
    const folder = join(dataHome(env), 'fleet-tui');
    return {
      help: values.help ?? false,
      mayStartEngine: !(values['no-engine'] ?? false),
      dataFolder: join(folder, 'server'),
      engineFolder: join(folder, 'engine'),
    };
  } catch (error) {
    throw badFlag(error);
  }
}

function badFlag(cause: unknown): Fault {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new Fault('bad-settings', `${words}; see npm start -- --help.`, { cause });
}

/** A relative XDG_DATA_HOME is ignored, as the XDG base directory specification asks. */
function dataHome(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_DATA_HOME;
  return xdg && isAbsolute(xdg) ? xdg : join(env.HOME ?? homedir(), '.local', 'share');
}
