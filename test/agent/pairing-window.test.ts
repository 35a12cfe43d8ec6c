import { expect, test } from 'vitest';
import { watchPairingWindow } from '../../src/agent/pairing-window.ts';

test('a pairing stops the clock, and a forgotten one starts it anew', async () => {
  const clock = { nowMs: 0, isPaired: false, looks: 0, isOver: false };
  await using _window = watchPairingWindow({
    windowMs: 10,
    now: () => clock.nowMs,
    isPaired() {
      clock.looks += 1;
      return clock.isPaired;
    },
    onOver() {
      clock.isOver = true;
    },
  });
  const look = async () => {
    const before = clock.looks;
    await expect.poll(() => clock.looks, { interval: 1 }).toBeGreaterThan(before + 1);
  };
  clock.nowMs = 9;
  await look();
  clock.isPaired = true;
  clock.nowMs = 5_000;
  await look();
  clock.isPaired = false;
  clock.nowMs = 5_009;
  await look();
  expect(clock.isOver).toBe(false);
  clock.nowMs = 5_010;
  await expect.poll(() => clock.isOver, { interval: 1 }).toBe(true);
});
