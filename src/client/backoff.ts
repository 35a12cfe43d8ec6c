/** How long to wait before the next attempt: doubling from 0.5 s to 30 s, with jitter so that many consoles don't come back at once. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Milliseconds before attempt number `attempt + 1`, the first attempt being 1; between half of the step and the whole. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(step * (0.5 + random() / 2));
}
