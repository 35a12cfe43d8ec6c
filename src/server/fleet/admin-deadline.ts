/** Five minutes without an administrator close the API until a restart: whoever comes later is not the one who installed it. */
import { Fault } from '../../protocol/fault.ts';
import type { Accounts } from './accounts.ts';

const ALLOWED_MS = 5 * 60_000;

/** Watches over the time from start to the first administrator. */
export class AdminDeadline {
  readonly #accounts: Accounts;
  readonly #now: () => number;
  readonly #endsAtMs: number;
  #isMet = false;
  #isMissed = false;

  constructor(accounts: Accounts, now: () => number = Date.now) {
    this.#accounts = accounts;
    this.#now = now;
    this.#endsAtMs = now() + ALLOWED_MS;
  }

  /** Fault admin-timeout once the time is over without an administrator. */
  async check(): Promise<void> {
    if (this.#isMet) return;
    if (!this.#isMissed) {
      this.#isMet = await this.#accounts.hasAdministrator();
      if (this.#isMet) return;
      this.#isMissed = this.#now() >= this.#endsAtMs;
    }
    if (!this.#isMissed) return;
    throw new Fault('admin-timeout', 'Administrator initialization timeout', {
      details: 'Restart fleet-server and create the administrator within five minutes.',
    });
  }
}
