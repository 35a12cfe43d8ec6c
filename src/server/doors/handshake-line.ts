/**
 * Where dials for links wait for their turn, so that a fleet that comes back all at once doesn't trample the server. Most wait
 * here, on the connection that they have paid for; only who would wait too long is told when to come again, each a little
 * later than the one before.
 */

export interface LineLimits {
  /** So many handshakes begin in any second, at most. */
  readonly perSecond: number;
  /** So many are under way at once, at most; less than that a busy machine could not bring to an end in time. */
  readonly atOnce: number;
  /** Nobody waits longer than about this, as far as can be foreseen. */
  readonly patienceMs: number;
}

const WINDOW_MS = 1_000;
/** One that takes longer waits for a peer, not for us: it must not keep others out. */
const COUNTED_MS = 2_000;
/** Less than a dial's own patience (link/dial-attempt.ts). */
const LONGEST_STAY_MS = 10_000;
/** Some 14,000 places; a larger fleet is promised the same moments twice, and who is sent away again has shaken hands for nothing. */
const LONGEST_WAIT_S = 180;
/** What is foreseen goes by how many were let in lately, but never by fewer than this. */
const LATELY_MS = 3_000;
const SLOWEST_PER_S = 10;

/** Somebody's turn. */
export interface Turn {
  /** The handshake has ended, well or not; harmless to repeat. */
  done(): void;
}

interface Waiting {
  readonly sinceMs: number;
  /** A number: come again in so many seconds. */
  answer(turn: Turn | number): void;
}

/** One line for all dials. */
export class HandshakeLine {
  readonly #limits: LineLimits;
  #waiting: Waiting[] = [];
  /** When the latest ones were let in, oldest first. */
  readonly #lately: number[] = [];
  /** Since when somebody has been waiting. */
  #busySinceMs = 0;
  #underWay = 0;
  /** Up to when every place is promised to somebody who was sent away. */
  #promisedToMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /** Resolves with the turn, or with a number: come again in so many seconds. At the latest after 10 s, or when `gone` fires. */
  enter(gone: AbortSignal): Promise<Turn | number> {
    const foreseenMs = (this.#waiting.length / this.#pacePerS()) * 1000;
    if (this.#isClosed || gone.aborted || foreseenMs >= this.#limits.patienceMs) {
      return Promise.resolve(this.#whenAgainS());
    }
    return new Promise((resolve) => {
      const sinceMs = performance.now();
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        resolve(1);
      };
      const answer = (turn: Turn | number) => {
        gone.removeEventListener('abort', leave);
        resolve(turn);
      };
      const waiting = { sinceMs, answer };
      gone.addEventListener('abort', leave, { once: true });
      if (this.#waiting.push(waiting) === 1) this.#busySinceMs = sinceMs;
      this.#move();
    });
  }

  /** Sends everybody away. */
  close(): void {
    this.#isClosed = true;
    this.#move();
  }

  #move(): void {
    const nowMs = performance.now();
    while ((this.#lately[0] ?? nowMs) <= nowMs - LATELY_MS) this.#lately.shift();
    const { atOnce } = this.#limits;
    const isTooLong = ({ sinceMs }: Waiting) =>
      this.#isClosed || nowMs - sinceMs >= LONGEST_STAY_MS;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const isFree = this.#untilFreeMs(nowMs) <= 0 && this.#underWay < atOnce;
      if (isTooLong(first)) first.answer(this.#whenAgainS());
      else if (isFree) first.answer(this.#letIn(nowMs));
      else break;
      this.#waiting.shift();
    }
    this.#lookAgain(nowMs);
  }

  #letIn(nowMs: number): Turn {
    this.#lately.push(nowMs);
    this.#underWay += 1;
    let isCounted = true;
    const done = () => {
      clearTimeout(timer);
      if (!isCounted) return;
      isCounted = false;
      this.#underWay -= 1;
      this.#move();
    };
    const timer = setTimeout(done, COUNTED_MS).unref();
    return { done };
  }

  /** When the window moves on, or the first one has waited too long; a handshake that ends looks by itself. */
  #lookAgain(nowMs: number): void {
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (first === undefined) return;
    const freeMs = this.#untilFreeMs(nowMs);
    const expiryMs = first.sinceMs + LONGEST_STAY_MS - nowMs;
    const nextMs = freeMs > 0 ? Math.min(freeMs, expiryMs) : expiryMs;
    this.#timer = setTimeout(() => this.#move(), Math.ceil(nextMs)).unref();
  }

  /** Until another handshake may begin without too many in one second. */
  #untilFreeMs(nowMs: number): number {
    const oldest = this.#lately[this.#lately.length - this.#limits.perSecond];
    return oldest === undefined ? 0 : oldest + WINDOW_MS - nowMs;
  }

  /** How many a second are let in while somebody waits. */
  #pacePerS(): number {
    const { perSecond } = this.#limits;
    const isKnown = this.#waiting.length > 0 && performance.now() - this.#busySinceMs >= LATELY_MS;
    if (!isKnown) return perSecond;
    const perS = (this.#lately.length * 1000) / LATELY_MS;
    return Math.min(perSecond, Math.max(SLOWEST_PER_S, perS));
  }

  #whenAgainS(): number {
    const nowMs = performance.now();
    if (this.#isClosed) return 1;
    const pacePerS = this.#pacePerS();
    const endOfLineMs = nowMs + (this.#waiting.length * 1000) / pacePerS;
    this.#promisedToMs = Math.max(this.#promisedToMs, endOfLineMs) + 1000 / pacePerS;
    const waitS = Math.ceil((this.#promisedToMs - nowMs) / 1000);
    // Past the longest wait the promises begin again, so that they stay spread.
    if (waitS > LONGEST_WAIT_S) this.#promisedToMs = 0;
    return Math.min(LONGEST_WAIT_S, Math.max(1, waitS));
  }
}
