/**
 * How far a host's clock is ahead of ours, from the Date header of answers it gives anyway. That header counts whole
 * seconds, so one answer tells it to within a second; many answers of one host narrow it.
 */

/** The host's clock minus ours lies between the two, in ms. */
export interface ClockBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DatedAnswer {
  /** The Date header (RFC 9110, 6.6.1): whole seconds, cut off. */
  readonly dateMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

const DATE_STEP_MS = 1_000;

/** The bounds with one more answer; one that contradicts the others replaces them, since a clock was set. */
export function narrowBounds(known: ClockBounds | undefined, answer: DatedAnswer): ClockBounds {
  const own: ClockBounds = {
    fromMs: answer.dateMs - answer.answeredAtMs,
    toMs: answer.dateMs + DATE_STEP_MS - answer.askedAtMs,
  };
  if (!known) return own;
  const fromMs = Math.max(known.fromMs, own.fromMs);
  const toMs = Math.min(known.toMs, own.toMs);
  return fromMs <= toMs ? { fromMs, toMs } : own;
}

/** What to take from the host's times; 0 when nothing says that its clock differs from ours. */
export function aheadMs(bounds: ClockBounds | undefined): number {
  if (!bounds || (bounds.fromMs <= 0 && bounds.toMs >= 0)) return 0;
  return Math.round((bounds.fromMs + bounds.toMs) / 2);
}
