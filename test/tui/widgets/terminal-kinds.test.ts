/** What each kind of terminal gets to see, in a pty with that TERM. */
import { expect, test } from 'vitest';
import { openDemo } from '../../support/demo.ts';

const TERMS: readonly [term: string, redOnDefault: number | undefined][] = [
  ['xterm-256color', 203],
  ['screen-256color', 203],
  ['tmux-256color', 203],
  ['xterm-kitty', 203],
  ['alacritty', 203],
  ['xterm', 9],
  ['screen', 9],
  ['linux', 9],
  ['ansi', 1],
  ['something-unheard-of', 1],
  ['vt100', undefined],
];

test.each(TERMS)(
  'TERM=%s: lines, colours, and nothing before the first frame',
  async (term, red) => {
    await using demo = await openDemo({ term, cols: 76, rows: 12, env: { COLORTERM: undefined } });
    const { terminal } = demo;
    expect(terminal.isAlternate).toBe(true);
    expect(terminal.cell(0, 0).text + terminal.cell(10, 75).text).toBe('┌┘');
    expect(terminal.written.startsWith('\x1b')).toBe(true);
    expect(terminal.line(3)).toMatch(/^│gamma 🚀/);
    const problem = terminal.find('problem') ?? { top: 0, left: 0 };
    const cell = terminal.cell(problem.top, problem.left);
    expect(cell.foreground).toBe(red);
    expect(cell.isBold).toBe(true);
    terminal.press('q');
    expect((await terminal.exit).code).toBe(0);
  },
);

test('COLORTERM=truecolor gives 256 colours whatever TERM says', async () => {
  await using demo = await openDemo({ term: 'xterm', env: { COLORTERM: 'truecolor' } });
  const problem = demo.terminal.find('problem') ?? { top: 0, left: 0 };
  expect(demo.terminal.cell(problem.top, problem.left).foreground).toBe(203);
});

test('NO_COLOR: no colour, and what matters still stands out', async () => {
  await using demo = await openDemo({ env: { NO_COLOR: '1' } });
  const { terminal } = demo;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
  expect(terminal.written).not.toMatch(/\x1b\[[\d;]*\b([34]\d|9\d|10\d|38;5;\d+)m/);
  expect(terminal.cell(1, 1).isInverse).toBe(true);
  const problem = terminal.find('problem') ?? { top: 0, left: 0 };
  expect(terminal.cell(problem.top, problem.left)).toMatchObject({
    isBold: true,
    isUnderlined: true,
  });
});

test.each([
  ['the option', ['--ascii'], 'C.UTF-8'],
  ['a locale with another character set', [], 'de_DE.ISO-8859-1'],
])('only ASCII is drawn by %s', async (_, args, locale) => {
  const { demoFile } = await import('../../support/demo.ts');
  await using demo = await openDemo({
    args: [await demoFile(), ...args],
    cols: 40,
    rows: 10,
    env: { LANG: locale, LC_ALL: undefined, LC_CTYPE: undefined },
  });
  expect(demo.terminal.line(0)).toBe(`+- Demo ${'-'.repeat(31)}+`);
  expect(demo.terminal.line(2)).toMatch(/^\|beta \?\?/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII is looked for
  expect(demo.terminal.written).not.toMatch(/[^\x00-\x7f]/);
});
