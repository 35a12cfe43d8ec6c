/** How a stream stands after its end, and how long a log waits before it is opened again. */
import type { OutsideEvent } from '../model/event.ts';
import type { LogStream } from '../model/log-source.ts';

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 30_000;

/** The wait after so many failures in a row before this one. */
export function retryWaitMs(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
}

/** How a stream that has ended stands from now on. */
export function endOf(event: Extract<OutsideEvent, { kind: 'log-ended' }>): LogStream {
  if (event.isDone) return { kind: 'done' };
  const { why, mayRetry } = event;
  return why === undefined ? { kind: 'ended' } : { kind: 'failed', why, mayRetry };
}
