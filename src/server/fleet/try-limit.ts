/** At most ten tries a second per address on what checks a password, since each costs 12 ms of processor time. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Fault } from '../../protocol/fault.ts';
import { networkOf } from './network-of.ts';

const TRIES_PER_SECOND = 10;

/** Counts tries by address. */
export class TryLimit {
  readonly #limiter = new RateLimiterMemory({ points: TRIES_PER_SECOND, duration: 1 });

  /** Resolves at once, or rejects with Fault too-many. */
  async count(address: string): Promise<void> {
    try {
      await this.#limiter.consume(networkOf(address));
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      throw new Fault('too-many', 'Too many requests', {
        details: `At most ${TRIES_PER_SECOND} tries a second from one address; try again in a second.`,
        retryAfterS: 1,
      });
    }
  }
}
