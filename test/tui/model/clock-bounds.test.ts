import { expect, test } from 'vitest';
import { aheadMs, type ClockBounds, narrowBounds } from '../../../src/tui/model/clock-bounds.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const answer = (dateMs: number, askedAtMs: number, answeredAtMs: number) => ({
  dateMs,
  askedAtMs,
  answeredAtMs,
});

test('a clock within the second that one answer leaves open counts as agreeing', () => {
  expect(aheadMs(undefined)).toBe(0);
  expect(aheadMs(narrowBounds(undefined, answer(5_000, 5_900, 5_950)))).toBe(0);
});

test('a clock that was set starts the measuring anew', () => {
  const first = narrowBounds(undefined, answer(5_000, 5_000, 5_000));
  expect(narrowBounds(first, answer(99_000, 6_000, 6_000))).toEqual({
    fromMs: 93_000,
    toMs: 94_000,
  });
});

test('the true difference always lies within the bounds, and 50 answers tell it to within 100 ms', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const trueMs = random(20_000) - 10_000;
    let bounds: ClockBounds | undefined;
    for (let count = 0; count < 50; count++) {
      const askedAtMs = 1_000_000 + random(100_000);
      const hostMs = askedAtMs + random(5) + trueMs;
      const dateMs = Math.floor(hostMs / 1_000) * 1_000;
      bounds = narrowBounds(bounds, answer(dateMs, askedAtMs, askedAtMs + 5 + random(5)));
      expect(bounds.fromMs).toBeLessThanOrEqual(trueMs);
      expect(bounds.toMs).toBeGreaterThanOrEqual(trueMs);
    }
    if (Math.abs(trueMs) > 100) expect(Math.abs(aheadMs(bounds) - trueMs)).toBeLessThan(100);
  }
});
