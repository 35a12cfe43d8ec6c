/**
 * When to paint. A key paints as soon as the batch of input it came with is handled; data waits for its slot; nothing
 * is scheduled while nothing is dirty. While the last frame is still on its way no new one is made: it is owed.
 */

/** A key, data, or `calm`: data on a screen that is looked at from afar and all day, where once a second is enough. */
export type PaintReason = 'key' | 'data' | 'calm';

const FRAME_MS = 100;
const FRAME_AFTER_KEY_MS = 50;
const FRAME_SLOW_LINE_MS = 200;
const FRAME_CALM_MS = 1000;
const RECENT_KEY_MS = 1000;

/** Time as the paint clock needs it. */
export interface Timing {
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Runs the callback once after so many milliseconds; the answer takes it back. */
  after(delayMs: number, callback: () => void): () => void;
  /** Runs the callback once when the events that wait now are handled; the answer takes it back. */
  soon(callback: () => void): () => void;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  soon: (callback) => {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};

export interface PaintClockOptions {
  readonly timing: Timing;
  /** Over SSH data is painted five times a second at most. */
  readonly isSlowLine: boolean;
  /** Whether the last frame has left; when not, `frameLeft` must be called once it has. */
  mayPaint(): boolean;
  paint(): void;
}

/** Calls `paint` at the right moments; does nothing while paused. */
export class PaintClock {
  skipped = 0;
  readonly #options: PaintClockOptions;
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #isSoon = false;
  #isOwed = false;
  #isPaused = false;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #keyAt = Number.NEGATIVE_INFINITY;

  constructor(options: PaintClockOptions) {
    this.#options = options;
  }

  request(why: PaintReason): void {
    const { timing } = this.#options;
    if (why === 'key') this.#keyAt = timing.now();
    if (this.#isPaused || this.#isSoon || this.#isOwed) return;
    if (why === 'key') {
      this.#schedule(() => timing.soon(this.#due));
      this.#isSoon = true;
      return;
    }
    const dueAt = this.#paintedAt + this.#frameMs(why);
    if (this.#cancel && dueAt >= this.#dueAt) return;
    this.#schedule(() => timing.after(Math.max(0, dueAt - timing.now()), this.#due));
    this.#dueAt = dueAt;
  }

  /** The frame that was on its way has left: paints what came up meanwhile. */
  frameLeft(): void {
    if (!this.#isOwed) return;
    this.#isOwed = false;
    this.#due();
  }

  /** Forgets what was requested; a request while paused is forgotten too. */
  pause(): void {
    this.#schedule(() => undefined);
    this.#isOwed = false;
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  readonly #due = (): void => {
    this.#cancel = undefined;
    this.#isSoon = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#isPaused) return;
    if (!this.#options.mayPaint()) {
      this.#isOwed = true;
      this.skipped++;
      return;
    }
    this.#paintedAt = this.#options.timing.now();
    this.#options.paint();
  };

  #schedule(start: () => (() => void) | undefined): void {
    this.#cancel?.();
    this.#isSoon = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#cancel = start();
  }

  #frameMs(why: PaintReason): number {
    const { isSlowLine, timing } = this.#options;
    const isWatched = timing.now() - this.#keyAt < RECENT_KEY_MS;
    if (why === 'calm' && !isWatched) return FRAME_CALM_MS;
    if (isSlowLine) return FRAME_SLOW_LINE_MS;
    return isWatched ? FRAME_AFTER_KEY_MS : FRAME_MS;
  }
}
