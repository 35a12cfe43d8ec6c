/**
 * How many links may be begun in a second, so that a fleet that comes back all at once doesn't trample the server: whoever is too
 * many is told when to come again, each a little later than the one before.
 */

const WINDOW_MS = 1_000;
const LONGEST_WAIT_S = 20;

/** A budget of `perSecond` handshakes in any second. */
export class HandshakeBudget {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  /** When the latest ones were let in, oldest first. */
  readonly #lately: number[] = [];
  /** Up to when every place is promised to somebody who was sent away. */
  #promisedToMs = 0;

  /** `nowMs` may start anywhere, but never goes back. */
  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
  }

  /** Undefined: come in. A number: come again in so many seconds, from 1 to 20. */
  take(): number | undefined {
    const nowMs = this.#nowMs();
    while ((this.#lately[0] ?? nowMs) <= nowMs - WINDOW_MS) this.#lately.shift();
    if (this.#lately.length < this.#perSecond) {
      this.#lately.push(nowMs);
      return undefined;
    }
    this.#promisedToMs = Math.max(this.#promisedToMs, nowMs) + WINDOW_MS / this.#perSecond;
    const waitS = Math.ceil((this.#promisedToMs - nowMs) / 1000);
    // Past the longest wait the promises begin again, so that they stay spread.
    if (waitS > LONGEST_WAIT_S) this.#promisedToMs = nowMs;
    return Math.min(LONGEST_WAIT_S, Math.max(1, waitS));
  }
}
