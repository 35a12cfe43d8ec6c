/**
 * Slows down guessing: after five wrong passwords in a row for an account, or from an address, each further try must
 * wait 1, 2, 4, … 60 s (600 s for codes). A refused try is not checked and does not count, so the wait can't be stretched by others for ever.
 */
import { Fault } from '../../protocol/fault.ts';

const FREE_FAILURES = 5;
const PASSWORDS = {
  what: 'passwords',
  where: 'For this account or from this address',
  maxWaitS: 60,
} as const;
/** Whoever guesses these has the password already. */
export const CODES = { what: 'codes', where: 'For this account', maxWaitS: 600 } as const;
const FORGET_AFTER_MS = 15 * 60_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  readonly failures: number;
  readonly lastMs: number;
  readonly blockedUntilMs: number;
}

/** Keys are free text: `account:ada`, `address:10.0.0.1`. Bounded: the least recently touched entries are dropped. */
export class SignInBrake {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #kind: typeof PASSWORDS | typeof CODES;

  constructor(now: () => number = Date.now, kind: typeof PASSWORDS | typeof CODES = PASSWORDS) {
    this.#now = now;
    this.#kind = kind;
  }

  /** Throws Fault too-many when one of the keys must wait. */
  check(...keys: readonly string[]): void {
    const now = this.#now();
    const untilMs = Math.max(0, ...keys.map((key) => this.#entries.get(key)?.blockedUntilMs ?? 0));
    if (untilMs <= now) return;
    const waitS = Math.ceil((untilMs - now) / 1000);
    throw new Fault('too-many', `Too many wrong ${this.#kind.what}`, {
      details: `${this.#kind.where}: try again in ${waitS} s.`,
      retryAfterS: waitS,
    });
  }

  failed(...keys: readonly string[]): void {
    for (const key of keys) this.#count(key);
  }

  succeeded(...keys: readonly string[]): void {
    for (const key of keys) this.#entries.delete(key);
  }

  #count(key: string): void {
    const now = this.#now();
    const known = this.#entries.get(key);
    const failures =
      known === undefined || now - known.lastMs > FORGET_AFTER_MS ? 1 : known.failures + 1;
    const waitS =
      failures < FREE_FAILURES ? 0 : Math.min(this.#kind.maxWaitS, 2 ** (failures - FREE_FAILURES));
    this.#entries.delete(key);
    this.#entries.set(key, { failures, lastMs: now, blockedUntilMs: now + waitS * 1000 });
    if (this.#entries.size > MAX_ENTRIES) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }
}
