/** How many calls one account may have open at the same time, all its credentials and consoles together. */
import { Fault } from '../../protocol/fault.ts';

/** A console that follows the logs of a whole fleet has some thousands. */
const MAX_OPEN = 8_000;

/** Counts by user id. */
export class OpenCalls {
  readonly #open = new Map<number, number>();
  readonly #max: number;

  constructor(max: number = MAX_OPEN) {
    this.#max = max;
  }

  /** Counts one call until it is disposed of; Fault too-many when there is no room. */
  enter(userId: number): Disposable {
    const count = this.#open.get(userId) ?? 0;
    if (count >= this.#max) {
      throw new Fault('too-many', 'Too many open requests', {
        details: `This account has ${count} requests open at the same time; end some of them first.`,
        retryAfterS: 5,
      });
    }
    this.#open.set(userId, count + 1);
    return { [Symbol.dispose]: () => this.#leave(userId) };
  }

  /** How many the account has open now. */
  count(userId: number): number {
    return this.#open.get(userId) ?? 0;
  }

  #leave(userId: number): void {
    const left = (this.#open.get(userId) ?? 0) - 1;
    if (left > 0) this.#open.set(userId, left);
    else this.#open.delete(userId);
  }
}
