/** At most ten tries a second per address on the routes that check a password, since each costs 12 ms of processor time. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Fault } from '../../../protocol/fault.ts';

const limiter = new RateLimiterMemory({ points: 10, duration: 1 });

/** Resolves at once, or rejects with Fault too-many. */
export async function limitTries(address: string): Promise<void> {
  try {
    await limiter.consume(address);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    throw new Fault('too-many', 'Too many requests', {
      details: 'At most ten tries a second; try again in a second.',
      retryAfterS: 1,
    });
  }
}
