/** The whole console in a real pty over a fake fleet: keys, screens and effects together. */
import { expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';
import { pressUntil } from '../support/press-until.ts';
import { SECRET_ID, SECRET_KEY } from '../support/sample-link.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

async function openConsole(...args: string[]): Promise<TestTerminal> {
  const file = await bundleProgram('test/tui/demo/main.ts');
  const terminal = await openTestTerminal({
    command: process.execPath,
    args: [file, ...args],
    cols: 100,
    rows: 30,
  });
  await terminal.sees(/live, data \d+s old/);
  return terminal;
}

test('restarting a container: question, pending row, result, new uptime', async () => {
  await using terminal = await openConsole();
  terminal.type('/web-3');
  terminal.press('enter');
  await terminal.sees('1 of 14');
  terminal.press('ctrl-r');
  await terminal.sees('Restart eu-1/web-3?');
  await terminal.sees(/\[ Cancel \] +Restart/);
  await pressUntil(terminal, 'y', 'call back: u');
  await terminal.sees('restarting…', { timeoutMs: 15_000 });
  await terminal.sees(/eu-1\/web-3 restarted in \d/);
  await terminal.sees(/> o eu-1 +web-3 .* healthy .*\d+s /);
});

test('logs follow, stop for the reader, and are searched', async () => {
  await using terminal = await openConsole();
  terminal.press('l');
  await terminal.sees(/\d\d lines +follow/);
  terminal.press('space');
  await terminal.sees(/paused, \d+ new/);
  terminal.type('/retry');
  await terminal.sees(/\/retry \d+ of \d+/);
  terminal.press('enter', 'q');
  await terminal.sees('14 of 14');
});

test('a resize is followed at once', async () => {
  await using terminal = await openConsole('3000', '40');
  await terminal.sees('3,000 of 3,000');
  terminal.resize(130, 40);
  await terminal.sees(/1 environments +2 CONTAINERS/);
  await terminal.sees(/│ host-1\/service-0/);
});

test('adding an edge agent by keys: the command is shown, and copied to the terminal', async () => {
  await using terminal = await openConsole();
  terminal.press('1');
  await terminal.sees('5 of 5');
  terminal.press('n');
  await terminal.sees('add environment');
  terminal.type('qa-1?');
  terminal.press('tab', 'right', 'enter');
  await terminal.sees('docker run -d --name fleet-agent');
  terminal.press('c');
  await terminal.sees('clipboard (OSC 52)');
  const [, after = ''] = terminal.written.split('\x1b]52;c;');
  const [copied = ''] = after.split('\x07');
  const command = Buffer.from(copied, 'base64').toString();
  expect(command).toMatch(/^docker run .* -e EDGE_INSECURE_POLL=1 fleet-agent$/);
  expect(command).toContain(`EDGE_ID=${SECRET_ID} -e EDGE_KEY=${SECRET_KEY} `);
  terminal.press('@');
  await terminal.sees('Added qa-1? as environment 6.');
  expect(terminal.screen()).not.toContain(SECRET_ID.slice(0, 8));
});

test('the link of an environment is asked for and shown', async () => {
  await using terminal = await openConsole();
  terminal.press('1', 'd', 'L');
  await terminal.sees('round trip  12 ms');
  terminal.press('q');
  await terminal.sees('5 of 5');
});

test('Q quits with 0 and gives the terminal back', async () => {
  await using terminal = await openConsole();
  terminal.press('Q');
  expect(await terminal.exit).toMatchObject({ code: 0 });
  // What it wrote last may be read after its end is told.
  await terminal.until(() => !terminal.isAlternate, 'the terminal given back');
});
