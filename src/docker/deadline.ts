/** Runs one piece of work under a deadline and a caller's signal, and leaves nothing behind on either. */
import { Fault } from '../protocol/fault.ts';

export interface Limits {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Subject of the sentence "… gave no answer within N seconds": an address. */
  readonly address: string;
}

/**
 * Hands `work` a signal that fires at the deadline or with the caller's, and does not wait for work that ignores it.
 * Rejects with Fault timeout or cancelled, else with whatever `work` rejects with.
 */
export async function within<T>(
  limits: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, deadlineMs, address } = limits;
  const abort = new AbortController();
  let stop: (fault: Fault) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (fault) => {
      reject(fault);
      abort.abort(fault);
    };
  });
  const seconds = Math.round(deadlineMs / 100) / 10;
  const timer = setTimeout(
    () => stop(new Fault('timeout', `${address} gave no answer within ${seconds} seconds.`)),
    deadlineMs,
  );
  const cancel = () => stop(new Fault('cancelled', `The call to ${address} was cancelled.`));
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await Promise.race([signal.aborted ? stopped : work(abort.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** Resolves after `ms`, or at once when the signal fires; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
