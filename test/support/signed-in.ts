/** A console's folder of contexts after `fleet-tui login`, as a person would have it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closing } from './closing.ts';
import type { TestServer } from './server.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { openTestTerminal } from './terminal.ts';

/** The folder, for FLEET_TUI_CONFIG_DIR; the administrator's unless somebody else is named. */
export async function signedInFolder(
  server: TestServer,
  closing: Closing,
  who = { username: 'admin', password: server.adminPassword },
): Promise<string> {
  const { path } = closing.use(await temporaryFolder());
  const passwordFile = join(path, 'password');
  await writeFile(passwordFile, who.password, { mode: 0o600 });
  const args = ['dist/fleet-tui.js', 'login', server.url, '--username', who.username];
  const credentials = ['--password-file', passwordFile, '--trust', server.fingerprint];
  await using terminal = await openTestTerminal({
    command: process.execPath,
    args: [...args, ...credentials],
    env: { FLEET_TUI_CONFIG_DIR: path },
  });
  const { code } = await terminal.exit;
  if (code !== 0) throw new Error(`login ended with ${code}:\n${terminal.screen()}`);
  return path;
}
