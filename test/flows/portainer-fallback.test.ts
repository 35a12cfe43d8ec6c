/** A console on a server without our feed: signed in, watched live, a restart by key and a shell, in a real terminal. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type PortainerFront, startPortainerFront } from '../support/portainer-front.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let engine: TestEngine;
let server: TestServer;
let front: PortainerFront;
let folder: string;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'fallback' }));
  await engine.docker('run', '-d', '--init', '--name', 'web', 'busybox', 'sleep', '10000');
  server = closing.use(await startServer({ args: ['-H', `unix://${engine.socketPath}`] }));
  front = closing.use(await startPortainerFront(server.url));
  folder = closing.use(await temporaryFolder()).path;
}, 120_000);
afterAll(() => closing.close());

async function run(...args: readonly string[]): Promise<TestTerminal> {
  return await openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js', ...args],
    env: { FLEET_TUI_CONFIG_DIR: folder },
  });
}

test('sign in, see a container change, restart it, go into its shell', async () => {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, server.adminPassword, { mode: 0o600 });
  const known = ['--username', 'admin', '--password-file', passwordFile];
  await using login = await run('login', front.url, ...known, '--trust', front.fingerprint);
  expect((await login.exit).code, login.screen()).toBe(0);
  expect(login.screen()).toContain('(a Portainer, watched without a feed)');

  await using terminal = await run();
  await terminal.sees(/live, data/);
  await terminal.sees(/> \S web +busybox +running/);
  await engine.docker('run', '-d', '--name', 'newcomer', 'busybox', 'true');
  await terminal.sees(/newcomer +busybox +exited/);
  await engine.docker('rm', 'newcomer');
  await terminal.seesNo('newcomer');

  const startedAt = () => engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web');
  const before = await startedAt();
  terminal.press('ctrl-r');
  await terminal.sees('Restart local/web?');
  await vi.waitFor(async () => {
    terminal.press('y');
    await terminal.seesNo('Restart local/web?', { timeoutMs: 100 });
  }, 5_000);
  await vi.waitFor(async () => expect(await startedAt()).not.toBe(before), 10_000);
  await terminal.sees(/web +busybox +running/);

  terminal.press('s');
  await terminal.sees('/ # ');
  terminal.type('echo "in""side"; exit 4\r');
  await terminal.sees('ended with status 4');
  terminal.press('1', 'd');
  await terminal.sees(/disk +.* measured/);
  terminal.press('L');
  await terminal.sees('only a fleet-server has that');
  terminal.press('Q');
  expect((await terminal.exit).code).toBe(0);
});
