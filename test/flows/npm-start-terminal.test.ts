/** `npm start` in a terminal: a second one shares the first one's server, and every way out leaves nothing running. */
import { expect, test } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHome } from '../support/start-home.ts';
import { openTestTerminal } from '../support/terminal.ts';

async function npmStart(env: NodeJS.ProcessEnv) {
  return await openTestTerminal({ command: 'npm', args: ['start'], cols: 120, rows: 30, env });
}

test('a second npm start uses the running server and leaves it alone', async () => {
  await using engine = await startEngine({ version: 'old', name: 'twice' });
  await engine.docker('run', '-d', '--name', 'web-1', 'rig/app:v1');
  await using home = await startHome(`unix://${engine.socketPath}`);
  await using first = await npmStart(home.env);
  await first.sees('web-1', { timeoutMs: 30_000 });

  await using second = await npmStart(home.env);
  await second.sees('web-1', { timeoutMs: 30_000 });
  await second.press('ctrl-c', 'ctrl-c');
  expect((await second.exit).code).toBe(0);
  await engine.docker('run', '-d', '--name', 'web-2', 'rig/app:v1');
  await first.sees('web-2');

  await first.press('ctrl-c', 'ctrl-c');
  expect((await first.exit).code).toBe(0);
  expect(await home.running()).toEqual([]);
});

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  test(`${signal} to the launcher gives the terminal back and stops the server`, async () => {
    await using engine = await startEngine({ version: 'new', name: 'sig' });
    await engine.docker('run', '-d', '--name', 'web-1', 'rig/app:v1');
    await using home = await startHome(`unix://${engine.socketPath}`);
    const args = ['scripts/start.mjs'];
    await using console = await openTestTerminal({ command: 'node', args, env: home.env });
    await console.sees('web-1', { timeoutMs: 30_000 });
    expect(console.isAlternate).toBe(true);
    console.kill(signal);
    expect((await console.exit).code).toBe(status);
    expect(console.isAlternate).toBe(false);
    await expect.poll(() => home.running()).toEqual([]);
  });

test('a launcher killed with SIGKILL leaves no server behind', async () => {
  await using engine = await startEngine({ version: 'new', name: 'kill' });
  await engine.docker('run', '-d', '--name', 'web-1', 'rig/app:v1');
  await using home = await startHome(`unix://${engine.socketPath}`);
  const args = ['scripts/start.mjs'];
  await using console = await openTestTerminal({ command: 'node', args, env: home.env });
  await console.sees('web-1', { timeoutMs: 30_000 });
  console.kill('SIGKILL');
  await expect.poll(() => home.running(), { timeout: 20_000 }).toEqual([]);
});
