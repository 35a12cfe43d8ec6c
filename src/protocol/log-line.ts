/** One line of a container's log, split from Docker's frames and stripped of Docker's timestamp. */
export interface LogLine {
  /** The time Docker's log driver gave the line; null when it gave none. */
  readonly atMs: number | null;
  readonly stream: 'stdout' | 'stderr';
  /** As printed, escape sequences included; without the line end. Cut at 1 MiB. */
  readonly text: string;
}
