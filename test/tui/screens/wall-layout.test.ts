/** The tile size is the largest at which everything fits; only then are there pages. */
import { expect, test } from 'vitest';
import { tileGrid } from '../../../src/tui/screens/wall-layout.ts';

test.each([
  [80, 16, 3, 'XL', 1],
  [80, 16, 4, 'XL', 1],
  [80, 16, 6, 'L', 1],
  [80, 16, 16, 'M', 1],
  [80, 16, 80, 'S', 1],
  [80, 16, 81, 'S', 2],
  [120, 36, 54, 'M', 1],
  [200, 56, 140, 'M', 1],
  [200, 56, 12, 'XL', 1],
  [200, 56, 13, 'L', 1],
  [40, 6, 1, 'L', 1],
] as const)('in %ix%i cells %i tiles are %s, on %i pages', (width, height, count, size, pages) => {
  expect(tileGrid({ width, height }, count)).toMatchObject({ size, pages });
});

test('a person may have them larger, in pages, or smaller', () => {
  const area = { width: 80, height: 16 };
  expect(tileGrid(area, 16, 1)).toMatchObject({ size: 'L', columns: 3, rows: 2, pages: 3 });
  expect(tileGrid(area, 16, -1)).toMatchObject({ size: 'S', pages: 1 });
  expect(tileGrid(area, 16, -9)).toMatchObject({ size: 'S' });
});
