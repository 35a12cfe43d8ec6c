/** An exception from the locks, asked for by a person with a reason. */

/** Some environments, open for a time. */
export interface Unlock {
  /** What was typed, for the frame. */
  readonly words: string;
  readonly environmentIds: ReadonlySet<number>;
  readonly reason: string;
  readonly fromMs: number;
  readonly untilMs: number;
}
