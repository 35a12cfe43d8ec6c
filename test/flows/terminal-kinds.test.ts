/** The console as each kind of terminal gets it, with a UTF-8 and with the C locale; one that can show nothing is told so. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftedBorders } from '../support/borders.ts';
import { Closing } from '../support/closing.ts';
import { startMadeUpEngine } from '../support/made-up-engine.ts';
import { pressAway } from '../support/press-until.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import { WIDE_LABELS, WIDE_LINES } from '../support/wide-words.ts';

const TERMS = ['xterm-256color', 'screen-256color', 'tmux-256color', 'linux', 'vt100'] as const;
const PATIENCE = { timeoutMs: 30_000 };
const LOCALES = ['C.UTF-8', 'C'] as const;

const closing = new Closing();
let fleet: ServedFleet;

beforeAll(async () => {
  const containers = [
    { name: 'teller', labels: WIDE_LABELS, log: WIDE_LINES },
    { name: 'web', labels: WIDE_LABELS },
  ];
  const engine = closing.use(await startMadeUpEngine(containers));
  fleet = await serveFleet(closing, engine.socketPath);
});
afterAll(() => closing.close());

const locale = (name: string) => ({
  LANG: name,
  LC_ALL: undefined,
  LC_CTYPE: undefined,
  COLORTERM: undefined,
});

test.each(TERMS.flatMap((term) => LOCALES.map((lang) => [term, lang] as const)))(
  'TERM=%s LANG=%s: list, logs and a question, and the terminal as it was',
  async (term, lang) => {
    await using console = await fleet.console({ term, cols: 80, rows: 24, env: locale(lang) });
    await console.sees('2 of 2', PATIENCE);
    expect(console.isAlternate).toBe(true);
    console.press('l');
    const isAscii = lang !== 'C.UTF-8';
    await console.sees(isAscii ? 'half ???? and' : (WIDE_LINES.at(-1) ?? ''), PATIENCE);
    console.press('q', 'ctrl-r');
    await console.sees(isAscii ? /\+- +Restart/ : /┌─ +Restart/, PATIENCE);
    expect(shiftedBorders(console.cells())).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII is looked for
    expect(/[^\x00-\x7f]/.test(console.written)).toBe(!isAscii);
    await pressAway(console, 'esc', 'Cancel');
    console.press('Q');
    expect((await console.exit).code).toBe(0);
    expect(console.isAlternate).toBe(false);
  },
);

test.each([[[]], [['wall']]])('TERM=dumb is refused in a sentence: fleet-tui %j', async (args) => {
  await using console = await fleet.console({ term: 'dumb', args });
  expect((await console.exit).code).toBe(64);
  await console.sees(/TERM=dumb\) cannot show a full-screen console: set TERM to what it is/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing may be painted
  expect(console.written).not.toMatch(/\x1b/);
});
