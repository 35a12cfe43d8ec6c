/** Where the console keeps what it remembers: one private folder, 0700, following the XDG base directory specification. */
import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `FLEET_TUI_CONFIG_DIR`, else `$XDG_CONFIG_HOME/fleet-tui` (a relative value is ignored, as XDG asks), else `~/.config/fleet-tui`. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.FLEET_TUI_CONFIG_DIR;
  if (chosen) return chosen;
  const xdg = env.XDG_CONFIG_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.config'), 'fleet-tui');
}

/**
 * What may be thrown away, such as the console's log: `FLEET_TUI_STATE_DIR`, else `state` in `FLEET_TUI_CONFIG_DIR` where that is
 * set, else `$XDG_STATE_HOME/fleet-tui`, else `~/.local/state/fleet-tui`.
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { FLEET_TUI_STATE_DIR: chosen, FLEET_TUI_CONFIG_DIR: config, XDG_STATE_HOME: xdg } = env;
  if (chosen) return chosen;
  if (config) return join(config, 'state');
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state'), 'fleet-tui');
}

/** Creates the folder if need be and keeps other accounts of the machine out of it. */
export async function preparePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}
