/** An edge agent added in the console by keys alone: the command that was copied starts an agent, whose link is then shown. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signedInFolder } from '../support/signed-in.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let engine: TestEngine;
let server: TestServer;
let configFolder: string;

beforeAll(async () => {
  [engine, server] = await Promise.all([
    startEngine({ version: 'new', name: 'keys' }).then((started) => closing.use(started)),
    startServer().then((started) => closing.use(started)),
  ]);
  await engine.docker('run', '-d', '--name', 'till', 'busybox', 'sleep', '1000');
  configFolder = await signedInFolder(server, closing);
}, 60_000);
afterAll(() => closing.close());

function openConsole(): Promise<TestTerminal> {
  return openTestTerminal({
    command: process.execPath,
    args: ['dist/fleet-tui.js'],
    env: { FLEET_TUI_CONFIG_DIR: configFolder },
    cols: 100,
    rows: 30,
  });
}

/** What the terminal was told to put into its clipboard last. */
function copiedIn(terminal: TestTerminal): string {
  const after = terminal.written.split('\x1b]52;c;').at(-1) ?? '';
  return Buffer.from(after.split('\x07')[0] ?? '', 'base64').toString();
}

/** The variables that a command sets before it names the program. */
function variablesOf(command: string): Record<string, string> {
  return Object.fromEntries(
    [...command.matchAll(/(?:^| )([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

test('added, copied, started, linked, and shown', async () => {
  await using terminal = await openConsole();
  await terminal.sees(/live/);
  terminal.press('1');
  await terminal.sees('No environments yet');
  terminal.press('n');
  await terminal.sees('add environment');
  terminal.type('shop');
  terminal.press('tab', 'space', 'enter');
  await terminal.sees('docker run -d --name fleet-agent');
  terminal.press('tab');
  await terminal.sees('npx fleet-agent');
  terminal.press('c');
  await terminal.sees('clipboard (OSC 52)');
  const command = copiedIn(terminal);
  expect(command).toMatch(
    /^EDGE=1 EDGE_ID=\S+ EDGE_KEY=\S+ EDGE_INSECURE_POLL=1 .* npx fleet-agent$/,
  );
  terminal.press('esc');
  await terminal.sees('1 of 1');
  terminal.press('d', 'L');
  await terminal.sees('waiting for its agent');
  await terminal.sees(/EDGE_ID is not used yet and works for \dd more/);

  const { DATA_PATH: _theirs, ...env } = variablesOf(command);
  await using agent = await startAgent({ socketPath: engine.socketPath, env });
  await terminal.sees('trust       link: each side knows the other', { timeoutMs: 20_000 });
  await terminal.sees(/round trip {2}[\d.]+ ms/, { timeoutMs: 20_000 });
  await terminal.sees(/agent {7}fleet-agent \S+, from 127\.0\.0\.1/);
  expect(terminal.screen()).not.toContain('EDGE_ID is not used yet');

  await agent.stop();
  terminal.press('f5');
  await terminal.sees(/Last ends\s+\d+s ago +up \d+s/, { timeoutMs: 20_000 });
  expect(server.log()).not.toContain(env.EDGE_ID);
  terminal.press('Q');
  expect((await terminal.exit).code).toBe(0);
});
