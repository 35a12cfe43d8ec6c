/** The wall with a key that may only look, over a server that is started anew; and what `wall --once` says of a fleet that is ill in part. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startMadeUpEngine } from '../support/made-up-engine.ts';
import { runCommand } from '../support/run-command.ts';
import { openConsole } from '../support/served-fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const READ_ONLY = 4;
const PATIENCE = { timeoutMs: 60_000 };

const closing = new Closing();
let engine: TestEngine;
let server: TestServer;
let dataFolder: string;
let config: string;

/** On the port it had before, if it ever ran. */
async function serve(): Promise<void> {
  const where = server ? ['--bind-https', `127.0.0.1:${server.port}`] : [];
  const args = ['-H', `unix://${engine.socketPath}`, ...where];
  server = closing.use(await startServer({ args, dataFolder }));
}

/** `fleet-tui` run to its end by the person with that key. */
const run = (...args: readonly string[]) =>
  runCommand(process.execPath, ['dist/fleet-tui.js', ...args], {
    env: { FLEET_TUI_CONFIG_DIR: config },
  });

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'wallkey' }));
  await engine.docker('run', '-d', '--name', 'web', 'busybox', 'sleep', '10000');
  dataFolder = closing.use(await temporaryFolder()).path;
  await serve();
  config = closing.use(await temporaryFolder()).path;
  const wish = { password: server.adminPassword, description: 'wall', roleId: READ_ONLY };
  const { body } = await server.api('POST', '/api/users/1/tokens', wish);
  const keyFile = join(config, 'key');
  await writeFile(keyFile, body.rawAPIKey, { mode: 0o600 });
  const login = ['login', server.url, '--key-file', keyFile, '--trust', server.fingerprint];
  const signedIn = await run(...login);
  expect(signedIn.code, signedIn.stderr).toBe(0);
  await rm(keyFile);
}, 120_000);
afterAll(() => closing.close());

test('a server that goes and comes back under it: it says how old its data are, and needs nobody to go on', async () => {
  await using wall = await openConsole(config, { args: ['wall'], cols: 120, rows: 40 });
  await wall.sees('1 OK', PATIENCE);
  server.kill('SIGKILL');
  await server.exit;
  await wall.sees(/CONNECTION LOST, data \d+s old/, PATIENCE);
  await serve();
  await wall.sees('1 OK', PATIENCE);
  await wall.seesNo('CONNECTION LOST');
});

test('the key changes nothing: what is asked with it is refused in a sentence', async () => {
  const { code, stdout, stderr } = await run('restart', '--yes', 'web');
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/failed: .*access denied/);
});

test('wall --once ends with how bad it is', async () => {
  const once = async () => {
    const { code, stdout } = await run('wall', '--once');
    return [code, stdout.replaceAll(/\s+/g, ' ')];
  };
  expect(await once()).toEqual([0, expect.stringMatching(/local ok 1\/1/)]);
  const other = closing.use(await startMadeUpEngine([{ name: 'far-1' }]));
  const wish = { Name: 'far', EndpointCreationType: 1, URL: `unix://${other.socketPath}` };
  const added = await server.api('POST', '/api/endpoints', wish);
  expect(added.status, JSON.stringify(added.body)).toBe(200);
  await expect.poll(once, { timeout: 30_000 }).toEqual([0, expect.stringMatching(/far ok 1\/1/)]);
  await other.leave();
  await expect
    .poll(once, { timeout: 30_000 })
    .toEqual([1, expect.stringMatching(/far no data .*local ok/)]);
  await engine.docker('run', '-d', '--name', 'ill', 'busybox', 'sh', '-c', 'exit 3');
  await expect
    .poll(once, { timeout: 30_000 })
    .toEqual([2, expect.stringMatching(/local problem 1\/2 .*ill/)]);
  await engine.stop();
  try {
    await expect
      .poll(once, { timeout: 60_000 })
      .toEqual([3, expect.stringMatching(/local no data/)]);
  } finally {
    await engine.start();
  }
  const usage = await run('wall', '--once', '--no-such-flag');
  expect(usage.code).toBe(64);
});
