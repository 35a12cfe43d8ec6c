import { describe, expect, test } from 'vitest';
import { PaintClock, type Timing } from '../../../src/tui/widgets/paint-clock.ts';

/** Time that moves when told; immediates run at the end of each step. */
class TestTiming implements Timing {
  #now = 0;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { at: this.#now + delayMs, callback };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  soon(callback: () => void): () => void {
    return this.after(0, callback);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}

function openClock({ isSlowLine = false } = {}) {
  const timing = new TestTiming();
  const paints: number[] = [];
  const state = { mayPaint: true };
  const clock = new PaintClock({
    timing,
    isSlowLine,
    mayPaint: () => state.mayPaint,
    paint: () => paints.push(timing.now()),
  });
  const feed = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5) {
      clock.request('data');
      timing.pass(5);
    }
  };
  return { clock, timing, paints, state, feed };
}

describe('keys', () => {
  test('one paint for a whole batch of input, at once', () => {
    const { clock, timing, paints } = openClock();
    timing.pass(20);
    for (let i = 0; i < 10; i++) clock.request('key');
    expect(paints).toEqual([]);
    timing.pass(0);
    expect(paints).toEqual([20]);
  });

  test('do not wait for the slot that data waits for', () => {
    const { clock, timing, paints } = openClock();
    clock.request('data');
    timing.pass(1);
    clock.request('data');
    timing.pass(10);
    clock.request('key');
    timing.pass(0);
    expect(paints).toEqual([0, 11]);
    timing.pass(1000);
    expect(paints).toHaveLength(2);
  });
});

describe('data', () => {
  test('ten frames a second at most', () => {
    const { paints, feed } = openClock();
    feed(1950);
    expect(paints).toHaveLength(20);
  });

  test('twenty for a second after a key', () => {
    const { clock, paints, feed } = openClock();
    clock.request('key');
    feed(1000);
    expect(paints.length).toBeGreaterThanOrEqual(19);
    expect(paints.length).toBeLessThanOrEqual(21);
    const before = paints.length;
    feed(1000);
    expect(paints.length - before).toBeLessThanOrEqual(11);
  });

  test('five over SSH', () => {
    const { paints, feed } = openClock({ isSlowLine: true });
    feed(1900);
    expect(paints).toHaveLength(10);
  });

  test('once a second where calm is enough, and at once when something else asks for its slot', () => {
    const { clock, timing, paints } = openClock();
    const calm = (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.request('calm');
        timing.pass(50);
      }
    };
    calm(3_950);
    expect(paints).toEqual([0, 1_000, 2_000, 3_000]);
    timing.pass(100);
    clock.request('calm');
    clock.request('data');
    timing.pass(0);
    expect(paints).toHaveLength(5);
    clock.request('key');
    calm(1_000);
    expect(paints.length).toBeGreaterThanOrEqual(20);
  });

  test('nothing is scheduled when nothing is dirty', () => {
    const { clock, timing, paints } = openClock();
    clock.request('data');
    timing.pass(500);
    expect(paints).toHaveLength(1);
    expect(timing.waiting).toBe(0);
  });
});

describe('a terminal that does not read', () => {
  test('gets no frame, and one as soon as it reads again', () => {
    const { clock, timing, paints, state, feed } = openClock();
    clock.request('data');
    timing.pass(0);
    state.mayPaint = false;
    feed(3000);
    clock.request('key');
    timing.pass(10);
    expect(paints).toHaveLength(1);
    expect(clock.skipped).toBe(1);
    expect(timing.waiting).toBe(0);
    state.mayPaint = true;
    clock.frameLeft();
    expect(paints).toHaveLength(2);
  });

  test('owes nothing when nothing was requested meanwhile', () => {
    const { clock, timing, paints } = openClock();
    clock.request('data');
    timing.pass(0);
    clock.frameLeft();
    expect(paints).toHaveLength(1);
  });
});

test('nothing is painted while paused', () => {
  const { clock, timing, paints } = openClock();
  clock.request('key');
  clock.pause();
  clock.request('data');
  timing.pass(1000);
  expect(paints).toEqual([]);
  clock.resume();
  clock.request('data');
  timing.pass(0);
  expect(paints).toHaveLength(1);
});
