import { expect, test } from 'vitest';
import { isoTime } from '../../src/protocol/iso-time.ts';

test.each([0, 1, 951_782_400_000, 1_700_000_000_007, 4_102_444_799_999, 253_402_300_799_999])(
  'a moment is written as toISOString writes it: %d',
  (atMs) => {
    const at = new Date(atMs);
    expect(isoTime(at)).toBe(at.toISOString());
  },
);

test('an early year keeps four digits', () => {
  const at = new Date('0033-04-03T15:00:00.000Z');
  expect(isoTime(at)).toBe('0033-04-03T15:00:00.000Z');
});
