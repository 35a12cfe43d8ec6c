import { expect, test } from 'vitest';
import type { Link, LinkEnd } from '../../src/link/link.ts';
import { keepLinked, type LinkAttemptEnd } from '../../src/link/redial.ts';
import { Fault } from '../../src/protocol/fault.ts';

/** A clock that moves only when somebody sleeps, and the naps that were taken. */
function sleeper() {
  const naps: number[] = [];
  const clock = { nowMs: 0 };
  return {
    naps,
    clock,
    now: () => clock.nowMs,
    random: () => 0.999_999,
    sleep: async (durationMs: number) => {
      naps.push(durationMs);
      clock.nowMs += durationMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function linkThatEnds(ended: Promise<LinkEnd>, dispose = () => {}): Link {
  return { ended, [Symbol.asyncDispose]: async () => dispose() } as unknown as Link;
}

async function runUntil(naps: readonly number[], count: number) {
  while (naps.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('waits up to 0.5 s first, then twice as long each time, 30 s at most', async () => {
  const time = sleeper();
  await using redial = keepLinked({
    ...time,
    dial: () => Promise.reject(new Fault('unreachable', 'Nothing listens there.')),
    up: () => {},
    down: () => {},
  });
  await runUntil(time.naps, 14);
  expect(time.naps.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  expect(redial.ends).toHaveLength(10);
  expect(redial.ends[0]?.sentence).toBe('Nothing listens there.');
});

test('the time in which a dial found nobody counts as waiting', async () => {
  const time = sleeper();
  await using _redial = keepLinked({
    ...time,
    dial: () => {
      time.clock.nowMs += 15_000;
      return Promise.reject(new Fault('timeout', 'No answer in time.'));
    },
    up: () => {},
    down: () => {},
  });
  await runUntil(time.naps, 8);
  expect(time.naps.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 1000, 15_000, 15_000]);
});

test('for twelve seconds after a cut a dial that finds nobody ends early and is tried anew at once', async () => {
  const time = sleeper();
  const allowedMs: number[] = [];
  await using _redial = keepLinked({
    ...time,
    dial: async (_signal, connectMs) => {
      if (allowedMs.push(connectMs) === 1)
        return linkThatEnds(Promise.resolve({ kind: 'cut', sentence: 'cut' }));
      time.clock.nowMs += connectMs;
      throw new Fault('timeout', 'No answer in time.');
    },
    up: () => {},
    down: () => {},
  });
  await runUntil(time.naps, 9);
  // The name of a server that was never reached may take long to resolve.
  expect(allowedMs.slice(0, 9)).toEqual([15_000, ...Array(6).fill(2_000), 15_000, 15_000]);
  expect(time.naps.slice(1, 6)).toEqual([0, 0, 0, 0, 0]);
});

test('a link that is cut again and again is soon back, until that happened too often', async () => {
  const time = sleeper();
  await using _redial = keepLinked({
    ...time,
    dial: async () => {
      const ended = new Promise<LinkEnd>((resolve) =>
        setImmediate(() => {
          time.clock.nowMs += 3_000;
          resolve({ kind: 'cut', sentence: 'cut' });
        }),
      );
      return linkThatEnds(ended);
    },
    up: () => {},
    down: () => {},
  });
  await runUntil(time.naps, 15);
  expect(time.naps.slice(0, 10)).toEqual(Array(10).fill(1000));
  expect(time.naps.slice(10, 15)).toEqual([500, 1000, 2000, 4000, 8000]);
});

test('a link that was healthy makes the next wait short, one that flaps does not', async () => {
  const time = sleeper();
  const upMs = [31_000, 1_000, 1_000, 40_000];
  const ends: LinkAttemptEnd[] = [];
  await using _redial = keepLinked({
    ...time,
    dial: () => {
      const duration = upMs.shift() ?? 0;
      const ended = new Promise<LinkEnd>((resolve) =>
        setImmediate(() => {
          time.clock.nowMs += duration;
          resolve({ kind: 'closed', sentence: 'closed' });
        }),
      );
      return Promise.resolve(linkThatEnds(ended));
    },
    up: () => {},
    down: (end) => ends.push(end),
  });
  await runUntil(time.naps, 4);
  expect(ends.slice(0, 4).map((end) => end.upMs)).toEqual([31_000, 1_000, 1_000, 40_000]);
  expect(time.naps.slice(0, 4)).toEqual([500, 1000, 2000, 500]);
});

test('a server that asks for patience gets it, on top of the jitter', async () => {
  const time = sleeper();
  await using _redial = keepLinked({
    ...time,
    dial: () => Promise.reject(new Fault('too-many', 'Come back later.', { retryAfterS: 20 })),
    up: () => {},
    down: () => {},
  });
  await runUntil(time.naps, 3);
  // And no more of it each time: it was told when to come.
  expect(time.naps.slice(0, 3)).toEqual([21_000, 21_000, 21_000]);
});

test('disposing closes the link and dials no more; retryNow cuts a wait short', async () => {
  let dials = 0;
  const redial = keepLinked({
    dial: () => {
      dials += 1;
      if (dials === 1)
        return Promise.reject(new Fault('unreachable', 'Not yet.', { retryAfterS: 600 }));
      let end: (value: LinkEnd) => void = () => {};
      const ended = new Promise<LinkEnd>((resolve) => {
        end = resolve;
      });
      return Promise.resolve(linkThatEnds(ended, () => end({ kind: 'closed', sentence: 'bye' })));
    },
    up: () => {},
    down: () => setImmediate(() => redial.retryNow()),
  });
  while (dials < 2) await new Promise((resolve) => setImmediate(resolve));
  await redial[Symbol.asyncDispose]();
  expect(dials).toBe(2);
});
