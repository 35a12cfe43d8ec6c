/** Skins: what matters stays apart in each of them, and where there are few colours all are the terminal's own. */
import { describe, expect, test } from 'vitest';
import { colorNumber, SKIN_NAMES } from '../../../src/tui/model/skin-names.ts';
import type { StyleName } from '../../../src/tui/screens/view.ts';
import { sgrOf } from '../../../src/tui/widgets/draw.ts';
import { paletteOf } from '../../../src/tui/widgets/palette.ts';
import { paletteIn } from '../../../src/tui/widgets/skins.ts';

const APART: readonly StyleName[] = [
  ...(['plain', 'dim', 'selected', 'problem', 'warning', 'pending', 'error', 'match'] as const),
  ...(['nodata', 'accent'] as const),
];

describe.each(SKIN_NAMES)('the skin %s', (name) => {
  const skin = { name, colors: {} };

  test.each([256, 16, 8, 0] as const)('keeps what matters apart with %i colours', (colors) => {
    const palette = paletteIn({ skin }, { colors });
    const looks = APART.map((style) => sgrOf(palette(undefined, style)));
    const same = looks.filter((look, index) => looks.indexOf(look) !== index);
    expect(same).toEqual([]);
  });

  test('changes nothing where there are few colours', () => {
    for (const style of APART)
      expect(paletteIn({ skin }, { colors: 16 })(undefined, style)).toBe(
        paletteOf(16)(undefined, style),
      );
  });
});

test("a person's own colours lie over a skin, and NO_COLOR over both", () => {
  const skin = { name: 'light', colors: { accent: 202, 'bar.background': 17 } };
  const palette = paletteIn({ skin }, { colors: 256 });
  expect(sgrOf(palette(undefined, 'accent'))).toContain('38;5;202');
  expect(sgrOf(palette(undefined, 'bar'))).toContain('48;5;17');
  const none = paletteIn({ skin, color: false }, { colors: 256 });
  expect(sgrOf(none(undefined, 'accent'))).not.toMatch(/[34]8;5/);
});

test.each([
  ['#000000', 16],
  ['#ffffff', 231],
  ['#ff0000', 196],
  ['#0055aa', 25],
  ['red', 1],
  ['bright-cyan', 14],
  [77, 77],
])('%s is number %i', (color, number) => {
  expect(colorNumber(color)).toBe(number);
});
