/** How long a log waits before it is opened again. */

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 30_000;

/** The wait after so many failures in a row before this one. */
export function retryWaitMs(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
}
