/**
 * When to paint. A key paints as soon as the batch of input it came with is handled; data waits for its slot; nothing
 * is scheduled while nothing is dirty. While the last frame is still on its way no new one is made: it is owed.
 */

const FRAME_MS = 100;
const FRAME_AFTER_KEY_MS = 50;
const FRAME_SLOW_LINE_MS = 200;
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
  #isSoon = false;
  #isOwed = false;
  #isPaused = false;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #keyAt = Number.NEGATIVE_INFINITY;

  constructor(options: PaintClockOptions) {
    this.#options = options;
  }

  request(why: 'key' | 'data'): void {
    const { timing } = this.#options;
    if (why === 'key') this.#keyAt = timing.now();
    if (this.#isPaused || this.#isSoon || this.#isOwed) return;
    if (why === 'key') {
      this.#schedule(() => timing.soon(this.#due));
      this.#isSoon = true;
    } else if (!this.#cancel) {
      const delayMs = Math.max(0, this.#paintedAt + this.#frameMs() - timing.now());
      this.#schedule(() => timing.after(delayMs, this.#due));
    }
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
    this.#cancel = start();
  }

  #frameMs(): number {
    const { isSlowLine, timing } = this.#options;
    if (isSlowLine) return FRAME_SLOW_LINE_MS;
    return timing.now() - this.#keyAt < RECENT_KEY_MS ? FRAME_AFTER_KEY_MS : FRAME_MS;
  }
}
