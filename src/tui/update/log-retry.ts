/** How a stream stands after its end, what is said of it there, and how long a log waits before it is opened again. */
import { formatThings } from '../format/amounts.ts';
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
  if (event.isDone) return { kind: 'done', isCut: event.isCut ?? false };
  const { why, mayRetry } = event;
  return why === undefined ? { kind: 'ended' } : { kind: 'failed', why, mayRetry };
}

/** What stands below the last line of a range that holds more lines than a view takes. */
export function cutWords(lines: number): string {
  return `only the first ${formatThings(lines, 'line')} were read, and there are more: 9 reads a later range`;
}
