/**
 * Node warns on stderr of what a package should no longer call; which calls those are grows with its versions. Each program
 * keeps that in its own log: a warning is no text across a screen, between JSON lines, or in a script's stderr.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { startEngine } from '../support/engine.ts';
import { FLEET_TUI, tuiHome } from '../support/fleet-tui.ts';
import { startServer } from '../support/server.ts';
import { openTestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const WARNING = '20300101';
/** Loaded before the program: warns when it is told to. */
const WARNS = `data:text/javascript,process.on('SIGUSR2',()=>process.emitWarning(String(${WARNING})))`;
const env = { NODE_OPTIONS: `--import=${WARNS}` };
/** What newer versions warn of by themselves, such as `url.parse`, which dockerode calls. */
const SOON_DEPRECATED = { NODE_OPTIONS: '--pending-deprecation' };

const warnings = (log: string) =>
  log
    .split('\n')
    .filter((line) => line.includes(WARNING))
    .map((line) => JSON.parse(line));

test('the agent and the server log them as lines', async () => {
  await using agent = await startAgent({ socketPath: '/nonexistent/docker.sock', env });
  process.kill(agent.pid, 'SIGUSR2');
  await agent.says(WARNING);
  expect(warnings(agent.log())[0]).toMatchObject({ level: 'warn', warning: 'Warning' });
  await using server = await startServer({ env });
  process.kill(server.pid, 'SIGUSR2');
  await until(() => server.log().includes(WARNING));
  expect(warnings(server.log())[0]).toMatchObject({ level: 'warn', warning: 'Warning' });
}, 60_000);

test('the console has them in its own log and nowhere on the screen; a script sees none', async () => {
  await using engine = await startEngine({ version: 'new', name: 'warns' });
  await using home = await tuiHome(`unix://${engine.socketPath}`);
  Object.assign(home.env, SOON_DEPRECATED);
  expect(await home.run('ls')).toMatchObject({ code: 0, stderr: '' });
  await using terminal = await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI],
    env: { ...home.env, ...env },
  });
  await terminal.sees(/live, data \d+s old/);
  terminal.kill('SIGUSR2');
  const log = join(home.config, 'state', 'console.log');
  await until(async () => (await readFile(log, 'utf8').catch(() => '')).includes(WARNING));
  expect(terminal.screen()).not.toContain(WARNING);
}, 60_000);
