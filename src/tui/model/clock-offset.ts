/**
 * How far this machine's clock is ahead of a sender's, from the times that its messages carry: by the one that was underway
 * shortest in the last minute or two. Clocks drift apart over weeks, and somebody may set the sender's.
 */

export interface ClockOffset {
  /** This machine's clock minus the sender's, in ms. */
  readonly ms: number;
  /** The smallest of the stretch of time that runs, and of the one before it. */
  readonly nowLeastMs: number;
  readonly beforeLeastMs: number;
  readonly stretchSinceMs: number;
  /** What the last message said. */
  readonly sentAtMs: number;
}

const STRETCH_MS = 60_000;
/** A sender's time that goes back by more was set; less may be two messages that were made side by side. */
const SET_BACK_FROM_MS = 1_000;

/** The offset by one more message, sent at `sentAtMs` by the sender's clock. */
export function offsetBy(
  known: ClockOffset | undefined,
  sentAtMs: number,
  nowMs: number,
): ClockOffset {
  const seenMs = nowMs - sentAtMs;
  if (!known || sentAtMs < known.sentAtMs - SET_BACK_FROM_MS)
    return {
      ms: seenMs,
      nowLeastMs: seenMs,
      beforeLeastMs: seenMs,
      stretchSinceMs: nowMs,
      sentAtMs,
    };
  const isOver = nowMs - known.stretchSinceMs >= STRETCH_MS;
  const beforeLeastMs = isOver ? known.nowLeastMs : known.beforeLeastMs;
  const nowLeastMs = isOver ? seenMs : Math.min(known.nowLeastMs, seenMs);
  return {
    ms: Math.min(beforeLeastMs, nowLeastMs),
    nowLeastMs,
    beforeLeastMs,
    stretchSinceMs: isOver ? nowMs : known.stretchSinceMs,
    sentAtMs,
  };
}
