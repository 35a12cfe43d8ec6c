/** Marks on two hosts, a rolling restart that really fails at one of them, tried again; a stop taken back; a view that outlives the console. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { pressUntil } from '../support/press-until.ts';
import { startServer } from '../support/server.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let near: TestEngine;
let far: TestEngine;
let config: string;

beforeAll(async () => {
  [near, far] = await Promise.all([
    startEngine({ version: 'old', name: 'near' }).then((engine) => closing.use(engine)),
    startEngine({ version: 'new', name: 'far' }).then((engine) => closing.use(engine)),
  ]);
  const agent = closing.use(await startAgent({ socketPath: far.socketPath }));
  const server = closing.use(await startServer({ args: ['-H', `unix://${near.socketPath}`] }));
  const fields = { Name: 'far-host', EndpointCreationType: 2, TLS: false, GroupID: 1 };
  const URL = `tcp://${agent.host}:${agent.port}`;
  expect((await server.api('POST', '/api/endpoints', { ...fields, URL })).status).toBe(200);
  config = await mkdtemp(join(tmpdir(), 'fleet-console-'));
  closing.defer(() => rm(config, { recursive: true, force: true }));
  const password = join(config, 'password');
  await writeFile(password, server.adminPassword, { mode: 0o600 });
  const args = ['login', server.url, '--username', 'admin', '--password-file', password];
  await using terminal = await open([...args, '--trust', server.fingerprint]);
  expect((await terminal.exit).code, terminal.screen()).toBe(0);
}, 120_000);
afterAll(() => closing.close());

const open = (args: readonly string[] = []): Promise<TestTerminal> =>
  openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js', ...args],
    env: { FLEET_TUI_CONFIG_DIR: config },
    cols: 120,
    rows: 40,
  });

const run = (engine: TestEngine, name: string, ...more: string[]) =>
  engine.docker('run', '-d', '--init', '--name', name, ...more, 'busybox', 'sleep', '10000');

async function filter(console: TestTerminal, text: string, count: string) {
  console.press('/', 'ctrl-u');
  console.type(text);
  console.press('enter');
  await console.sees(count);
}

test('one at a time until one fails, then the rest', async () => {
  await run(near, 'roll-a');
  await run(far, 'roll-b', '-p', '18099:80');
  await run(far, 'roll-c');
  await far.docker('stop', '-t', '1', 'roll-b');
  await run(far, 'blocker', '-p', '18099:80');
  await using console = await open();
  await console.sees('blocker');
  await filter(console, 'roll-', '3 of 4');
  console.press('*');
  await filter(console, 'blocker', '1 of 4');
  await filter(console, 'roll-', '3 of 4');
  console.press('ctrl-r');
  await console.sees('Restart 3 containers on 2 environments?');
  await pressUntil(console, 'up', '>begin');
  console.press('right', 'up', 'right', 'up', 'left');
  await console.sees(/>at a time +\[1\]/);
  await console.sees(/on failure +go on +\[stop\]/);
  console.press('tab', 'enter');
  await console.sees('1 of 3 restarted, 1 failed, 1 not tried', { timeoutMs: 60_000 });
  console.press('9');
  await console.sees(/roll-b +failed: /);
  await console.sees(/roll-c +not tried: far-host\/roll-b failed/);
  await far.docker('rm', '-f', 'blocker');
  console.press('ctrl-r');
  await console.sees('Restart 2 containers on one environment?');
  await pressUntil(console, 'tab', '[ Restart 2 ]');
  console.press('enter');
  await console.sees('call back: u');
  await console.sees(/roll-b +restarted in/, { timeoutMs: 30_000 });
  await console.sees(/roll-c +restarted in/, { timeoutMs: 30_000 });
}, 180_000);

test('a stop is taken back, and a view outlives the console', async () => {
  await using console = await open();
  await console.sees('roll-a');
  await filter(console, 'roll-a', '1 of ');
  console.press('ctrl-t');
  await console.sees('/roll-a?');
  await pressUntil(console, 'y', /stopping|stopped in/);
  await console.sees('undo: u', { timeoutMs: 60_000 });
  console.press('u');
  await console.sees(/roll-a started in/, { timeoutMs: 30_000 });
  expect(await near.docker('inspect', '-f', '{{.State.Running}}', 'roll-a')).toBe('true');
  console.press('&');
  console.type('the first');
  console.press('enter');
  await console.sees('View the first is saved');
  await using other = await open();
  await other.sees('roll-c');
  other.press("'");
  await other.sees('Saved views');
  other.press('enter');
  await other.sees('/roll-a');
  await other.sees('1 of ');
}, 120_000);
