/** Ages and waits must survive whoever sets the machine's clock, and a lid that was closed. */
import { expect, test } from 'vitest';
import { SteadyClock } from '../../src/tui/steady-clock.ts';

const HOUR = 3_600_000;

function pretended() {
  const at = { day: 1_000_000, awake: 5, running: 77_000 };
  const clock = new SteadyClock({
    day: () => at.day,
    awake: () => at.awake,
    running: () => at.running,
  });
  const pass = (ms: number) => {
    at.day += ms;
    at.awake += ms;
    at.running += ms;
  };
  return { at, clock, pass };
}

test.each([HOUR, -HOUR])('set by %d ms, it goes on as before and tells by how much', (ms) => {
  const { at, clock, pass } = pretended();
  pass(10_000);
  at.day += ms;
  expect(clock.now()).toBe(1_010_000);
  expect(clock.setByMs()).toBe(ms);
  pass(10_000);
  expect(clock.now()).toBe(1_020_000);
});

test('a machine that slept has grown older', () => {
  const { at, clock, pass } = pretended();
  pass(10_000);
  at.day += 8 * HOUR;
  at.running += 8 * HOUR;
  expect(clock.now()).toBe(1_010_000 + 8 * HOUR);
  expect(clock.setByMs()).toBe(0);
});
