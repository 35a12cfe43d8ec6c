import { describe, expect, test } from 'vitest';
import { readLine } from '../../../src/tui/format/log-colors.ts';
import { printable } from '../../../src/tui/format/width.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const read = (text: string) => readLine({ atMs: 1, stream: 'stdout', text });
const parts = (text: string) => {
  const entry = read(text);
  return entry.paint?.map(({ from, to, look }) => [entry.text.slice(from, to), look]);
};

describe('colours', () => {
  test.each([
    ['\x1b[31ma', 'red'],
    ['\x1b[92ma', 'green'],
    ['\x1b[1ma', 'bold'],
    ['\x1b[90ma', 'dim'],
    ['\x1b[38;5;208ma', 'red'],
    ['\x1b[38;2;10;20;250ma', 'blue'],
    ['\x1b[38:2:250:240:10ma', 'yellow'],
    ['\x1b[48;5;1;36ma', 'cyan'],
  ])('%j is %s', (text, look) => {
    expect(parts(text)).toEqual([['a', look]]);
  });

  test.each(['\x1b[0ma', '\x1b[37ma', '\x1b[38;5;250ma', '\x1b[41ma', '\x1b[38ma', '\x1b[999ma'])(
    '%j has none of ours',
    (text) => {
      expect(read(text)).toEqual({ atMs: 1, stream: 'stdout', text: 'a' });
    },
  );

  test('tabs and wide characters before them are counted', () => {
    expect(parts('日\t\x1b[31mred\x1b[39m\x1b[2K.')).toEqual([['red', 'red']]);
  });
});

test('whatever comes, the text is what it would be without colours, and stretches lie within it', () => {
  const pieces = [
    '\x1b[31m',
    '\x1b[0m',
    '\x1b[',
    'm',
    'abc',
    '\t',
    '日',
    'e\u0301',
    '\x1b]0;',
    '\x07',
    ';',
    '\r',
  ];
  for (let seed = 1; seed <= 500; seed++) {
    const random = seededRandom(seed);
    const text = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join('');
    const entry = read(text);
    expect(entry.text).toBe(printable(text));
    let at = 0;
    for (const { from, to } of entry.paint ?? []) {
      expect([seed, from >= at, to > from, to <= entry.text.length]).toEqual([
        seed,
        true,
        true,
        true,
      ]);
      at = to;
    }
  }
});
