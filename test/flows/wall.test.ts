/** The wall of a real server on a terminal without a keyboard: well, ill, without data, and stopped for a while itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { rig, startEngine, type TestEngine } from '../support/engine.ts';
import { serveFleet } from '../support/served-fleet.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
const PATIENCE = { timeoutMs: 90_000 };
let engine: TestEngine;
let wall: TestTerminal;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'wall' }));
  const { config } = await serveFleet(closing, engine.socketPath);
  wall = closing.use(
    await openTestTerminal({
      command: 'sh',
      args: ['-c', `exec ${process.execPath} dist/fleet-tui.js wall </dev/null`],
      env: { FLEET_TUI_CONFIG_DIR: config },
    }),
  );
});
afterAll(() => closing.close());

test('it needs no keyboard, and an ill container is a problem', async () => {
  await wall.sees('1 OK', PATIENCE);
  const check = ['--health-cmd', 'false', '--health-interval', '1s', '--health-retries', '1'];
  await engine.docker('run', '-d', '--name', 'ill', ...check, 'busybox', 'sleep', '9999');
  await wall.sees('1 PROBLEM', PATIENCE);
  await wall.sees(/ill unhealthy/, PATIENCE);
  await engine.docker('rm', '-f', 'ill');
  await wall.sees('1 OK', PATIENCE);
});

test('a wall whose process stood still says so when it goes on', async () => {
  wall.kill('SIGSTOP');
  await delay(10_000);
  wall.kill('SIGCONT');
  await wall.sees(/WALL STOOD STILL 1\ds/, PATIENCE);
});

test('a host that is frozen has no data, with their age, and is never well', async () => {
  await rig('host', 'freeze', engine.name);
  try {
    await wall.sees(/NO DATA \d+s/, { timeoutMs: 60_000 });
    expect(wall.screen()).toContain('0 OK');
  } finally {
    await rig('host', 'thaw', engine.name);
  }
  await wall.sees('1 OK', PATIENCE);
});
