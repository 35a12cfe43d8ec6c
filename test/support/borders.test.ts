/** The eye for shifted borders sees them. */
import { expect, test } from 'vitest';
import { shiftedBorders } from './borders.ts';

const screen = (...lines: readonly string[]) => ({
  cols: Math.max(...lines.map(({ length }) => length)),
  rows: lines.length,
  cell: (top: number, left: number) => lines[top]?.[left] ?? '',
});

test.each([
  ['whole', ['──┬──', 'a │ b', 'c │ d', '     ', 'hints'], []],
  [
    'pushed aside',
    ['──┬──', 'a │ b', 'ab │ ', 'c │ d'],
    ['the divider at 0,2 is broken above row 2'],
  ],
  ['without a line', ['──┬──', 'ab│ b'], []],
  ['a frame', ['┌───┐', '│ x │', '└───┘'], []],
  ['a frame with a hole', ['┌───┐', '│ xx │', '└───┘'], ['the frame at 0,0 is broken in row 1']],
  ['a frame cut off', ['┌───┐', '│ x │'], ['the frame at 0,0 has no lower edge']],
] as const)('%s', (_name, lines, wrong) => {
  expect(shiftedBorders(screen(...lines))).toEqual(wrong);
});
