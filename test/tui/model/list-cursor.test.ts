import { expect, test } from 'vitest';
import {
  type Cursor,
  FRESH_CURSOR,
  placeCursor,
  settleCursor,
} from '../../../src/tui/model/list-cursor.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const rows = (text: string) => text.split('');
const settle = (cursor: Cursor<string>, text: string, height = 3) =>
  settleCursor(cursor, rows(text), height);
const on = (text: string, index: number, height = 3) =>
  settle(placeCursor<string>(FRESH_CURSOR, rows(text), index), text, height);

test('a cursor nobody moved stays on the first row, whatever arrives above it', () => {
  const first = settle(FRESH_CURSOR, 'bcd');
  expect(settle(first, 'abcd')).toMatchObject({ selected: 'a', at: 0, top: 0 });
});

test('a placed cursor follows its row, and the row keeps its place on the screen', () => {
  const cursor = on('abcdefgh', 5);
  expect(cursor).toMatchObject({ selected: 'f', at: 5, top: 3 });
  expect(settle(cursor, 'XYabcdefgh')).toMatchObject({ selected: 'f', at: 7, top: 5 });
});

test('when its row goes, the one that took its place is selected', () => {
  expect(settle(on('abcd', 1), 'acd')).toMatchObject({ selected: 'c', at: 1 });
  expect(settle(on('abcd', 3), 'abc')).toMatchObject({ selected: 'c', at: 2 });
  expect(settle(on('a', 0), '')).toMatchObject({ selected: undefined, at: 0, top: 0 });
});

test('nothing changed gives the same object back', () => {
  const cursor = on('abcd', 2);
  expect(settle(cursor, 'abcd')).toBe(cursor);
});

test.each([1, 2, 3])('it is always on a row and always in the window (seed %i)', (seed) => {
  const random = seededRandom(seed);
  let cursor: Cursor<number> = FRESH_CURSOR;
  for (let round = 0; round < 2_000; round++) {
    const order = Array.from({ length: random(12) }, (_, index) => index * (1 + random(3)));
    const unique = [...new Set(order)];
    const height = 1 + random(6);
    if (random(2) === 0) cursor = placeCursor(cursor, unique, cursor.at + random(7) - 3);
    cursor = settleCursor(cursor, unique, height);
    expect(cursor.selected).toBe(unique[cursor.at]);
    expect(cursor.top).toBeGreaterThanOrEqual(0);
    expect(cursor.at).toBeGreaterThanOrEqual(cursor.top);
    expect(cursor.at).toBeLessThan(cursor.top + height);
  }
});
