/** Something that happened to a container, as its engine remembers it. */

export interface PastEvent {
  /** By the engine's clock. */
  readonly atMs: number;
  /** `die`, `start`, `health_status: unhealthy`, … */
  readonly action: string;
  /** Of the run that ended; null for anything else. */
  readonly exitCode: number | null;
}

/** What repeats itself, or is told by the event beside it. */
const DULL = /^(?:health_status: healthy|kill|stop|init|cleanup|connect|disconnect|exec)/u;

/** The last so many that tell something, newest first. */
export function lastEvents(events: readonly PastEvent[], count: number): readonly PastEvent[] {
  const telling: PastEvent[] = [];
  for (const event of events.toReversed()) {
    const newer = telling.at(-1);
    if (DULL.test(event.action) || newer?.action === event.action) continue;
    telling.push(event);
    if (telling.length === count) break;
  }
  return telling;
}
