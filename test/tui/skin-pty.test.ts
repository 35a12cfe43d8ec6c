/** Skins on real terminals: seen while they are chosen, kept in config.json, and never more than a terminal can show. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestTerminal, type TestTerminalOptions } from '../support/terminal.ts';

const DEMO = bundleProgram('test/tui/demo/main.ts');
/** The selected row is the first one of the list. */
const ROW = 3;

async function open(folder: string, options: Partial<TestTerminalOptions> = {}) {
  const terminal = await openTestTerminal({
    command: process.execPath,
    args: [await DEMO],
    ...options,
    env: {
      FLEET_TUI_CONFIG_DIR: folder,
      NO_COLOR: undefined,
      COLORTERM: undefined,
      ...options.env,
    },
  });
  await terminal.sees(/live, data \d+s old/);
  const selected = () => terminal.cell(ROW, 0);
  return { terminal, selected };
}

test('a skin shows while tab chooses it, esc takes it back, enter keeps it', async () => {
  await using folder = await temporaryFolder();
  const { terminal, selected } = await open(folder.path);
  await using _ = terminal;
  expect(selected().background).toBe(24);
  terminal.type(':skin ');
  terminal.press('tab', 'tab');
  await terminal.until(() => selected().background === 231, 'the skin contrast');
  terminal.press('esc');
  await terminal.until(() => selected().background === 24, 'the skin calm again');
  terminal.type(':skin light\r');
  await terminal.sees('The skin is light; :skin calm brings back');
  expect(selected().background).toBe(25);
  const config = await readFile(join(folder.path, 'config.json'), 'utf8');
  expect(JSON.parse(config)).toEqual({ skin: 'light' });
});

/** The numbers of every look that was set, as `;1;38;5;74;`. */
const looksOf = (written: string) =>
  [...written.matchAll(/\[([\d;]*)m/gu)].map(([, codes]) => `;${codes};`).join(' ');

test.each<[string, Partial<TestTerminalOptions>, RegExp, RegExp]>([
  ['16 colours', { term: 'xterm' }, /;36;/, /;[34]8;/],
  ['256 colours', {}, /;38;5;74;/, /;[34]8;2;/],
  ['16 million', { term: 'xterm', env: { COLORTERM: 'truecolor' } }, /;38;5;74;/, /;[34]8;2;/],
  ['none', { env: { NO_COLOR: '1' } }, /;7;/, /;(?:3[0-7]|4[0-7]|9\d|10\d|[34]8);/],
])('with %s', async (_name, options, has, hasNot) => {
  await using folder = await temporaryFolder();
  const { terminal } = await open(folder.path, options);
  await using _ = terminal;
  terminal.type(':skin contrast\r');
  await terminal.sees('The skin is contrast');
  terminal.type(':skin calm\r');
  await terminal.sees('The skin is calm');
  expect(looksOf(terminal.written)).toMatch(has);
  expect(looksOf(terminal.written)).not.toMatch(hasNot);
});
