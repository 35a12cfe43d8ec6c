import { describe, expect, test } from 'vitest';
import type { StyleName } from '../../../src/tui/screens/view.ts';
import { sgrOf } from '../../../src/tui/widgets/draw.ts';
import { paletteOf } from '../../../src/tui/widgets/palette.ts';
import type { ColorCount } from '../../../src/tui/widgets/terminal-kind.ts';

const COUNTS: readonly ColorCount[] = [0, 8, 16, 256];
/** What a person must be able to tell apart at a glance, on any terminal. */
const APART: readonly StyleName[] = [
  'plain',
  'selected',
  'problem',
  'warning',
  'pending',
  'error',
  'match',
  'nodata',
];

describe.each(COUNTS)('with %d colours', (colors) => {
  const palette = paletteOf(colors);

  test('what matters looks different from everything else', () => {
    const looks = APART.map((style) => sgrOf(palette(undefined, style)));
    expect(new Set(looks).size).toBe(APART.length);
  });

  test('a problem in the selected row shows both', () => {
    const both = palette('selected', 'problem');
    expect(both).not.toBe(palette('selected', 'plain'));
    expect(both).not.toBe(palette('plain', 'problem'));
  });

  test('no colour is used that the terminal does not have', () => {
    const styles: readonly StyleName[] = [
      ...APART,
      'dim',
      'bold',
      'accent',
      'title',
      'head',
      'bar',
    ];
    const extended = new RegExp(colors === 256 ? '$^' : '[34]8;5');
    const bright = new RegExp(colors === 8 ? '\\b(9|10)\\d\\b' : '$^');
    const any = new RegExp(colors === 0 ? '\\b[34]\\d\\b' : '$^');
    for (const style of styles) {
      const sequence = sgrOf(palette(undefined, style));
      expect(sequence).not.toMatch(extended);
      expect(sequence).not.toMatch(bright);
      expect(sequence).not.toMatch(any);
    }
  });
});

test('healthy is quiet: neither plain nor dim paints a background', () => {
  expect(sgrOf(paletteOf(256)(undefined, 'plain'))).toBe('\x1b[m');
  expect(sgrOf(paletteOf(256)(undefined, 'dim'))).toBe('\x1b[0;38;5;245m');
});
