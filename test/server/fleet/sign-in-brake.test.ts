/** How guessing is slowed down, on a clock that stands still until it is moved. */
import { expect, test } from 'vitest';
import { SignInBrake } from '../../../src/server/fleet/sign-in-brake.ts';

function brakeWithClock() {
  const clock = { ms: 1_000_000 };
  return { clock, brake: new SignInBrake(() => clock.ms) };
}

const waitS = (brake: SignInBrake, ...keys: string[]): number => {
  try {
    brake.check(...keys);
    return 0;
  } catch (thrown) {
    return (thrown as { retryAfterS: number }).retryAfterS;
  }
};

test('four failures are free, then each wait doubles up to a minute', () => {
  const { clock, brake } = brakeWithClock();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 14; attempt += 1) {
    brake.failed('a');
    waits.push(waitS(brake, 'a'));
    clock.ms += (waits.at(-1) ?? 0) * 1000;
  }
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
});

test('one of several keys is enough, a success resets, others are not touched', () => {
  const { brake } = brakeWithClock();
  for (let attempt = 0; attempt < 5; attempt += 1) brake.failed('account:a', 'address:1');
  expect(waitS(brake, 'account:b', 'address:1')).toBe(1);
  expect(waitS(brake, 'account:b', 'address:2')).toBe(0);
  brake.succeeded('address:1');
  expect(waitS(brake, 'account:b', 'address:1')).toBe(0);
  expect(waitS(brake, 'account:a', 'address:1')).toBe(1);
});

test('a quarter of an hour of peace forgets', () => {
  const { clock, brake } = brakeWithClock();
  for (let attempt = 0; attempt < 4; attempt += 1) brake.failed('a');
  clock.ms += 15 * 60_000 + 1;
  brake.failed('a');
  expect(waitS(brake, 'a')).toBe(0);
});

test('the oldest entries make room', () => {
  const { brake } = brakeWithClock();
  for (let attempt = 0; attempt < 5; attempt += 1) brake.failed('first');
  for (let other = 0; other < 10_000; other += 1) brake.failed(`other ${other}`);
  expect(waitS(brake, 'first')).toBe(0);
});
