/** Older lines of some sources put among the lines of a view where their times say: numbers at the end stay, those above move. */
import {
  appendLines,
  EMPTY_LOG,
  type LogBuffer,
  type LogEntry,
  prependLines,
} from './log-buffer.ts';

export interface Interleaved {
  readonly log: LogBuffer;
  /** The number that the line of a number has now. */
  renumber(line: number): number;
}

/** `older` rises in time; `timeOf` gives the time by which lines are ordered, undefined for one that stays with the line before it. */
export function interleave(
  log: LogBuffer,
  older: readonly LogEntry[],
  timeOf: (entry: LogEntry) => number | undefined,
): Interleaved {
  const newestMs = older.reduce((most, entry) => Math.max(most, timeOf(entry) ?? most), -Infinity);
  const { head, rest } = splitAfter(log, newestMs, timeOf);
  const made: LogEntry[] = [];
  const numbers: number[] = [];
  const first = log.first - older.length;
  let next = 0;
  let timeMs = -Infinity;
  for (const entry of head) {
    timeMs = timeOf(entry) ?? timeMs;
    for (let one = older[next]; one && (timeOf(one) ?? -Infinity) <= timeMs; one = older[++next])
      made.push(one);
    numbers.push(first + made.length);
    made.push(entry);
  }
  made.push(...older.slice(next));
  return {
    log: prependLines({ ...rest, letGo: log.letGo }, made),
    renumber: (line) => {
      if (line < log.first) return (numbers[0] ?? log.first) - (log.first - line);
      return numbers[line - log.first] ?? line;
    },
  };
}

/** The lines up to the last one that is not newer than this, and the log without them. */
function splitAfter(
  log: LogBuffer,
  newestMs: number,
  timeOf: (entry: LogEntry) => number | undefined,
): { readonly head: readonly LogEntry[]; readonly rest: LogBuffer } {
  const entries = log.chunks.flatMap((chunk) => chunk.entries);
  const last = entries.findLastIndex((entry) => (timeOf(entry) ?? Infinity) <= newestMs);
  const head = entries.slice(0, last + 1);
  const first = log.first + head.length;
  const empty: LogBuffer = { ...EMPTY_LOG, first, end: first };
  const limits = { lines: Infinity, bytes: Infinity };
  return { head, rest: appendLines(empty, entries.slice(last + 1), limits) };
}

export interface LogHead {
  /** The time of the first line. */
  readonly atMs: number;
  /** How many lines from there on share it. */
  readonly count: number;
  /** Lines held in all. */
  readonly held: number;
}

/** Where a log begins, or one source's part of it; undefined when no line of it is held. */
export function headOf(log: LogBuffer, source?: number): LogHead | undefined {
  let atMs: number | undefined;
  let count = 0;
  let held = 0;
  for (const chunk of log.chunks) {
    for (const entry of chunk.entries) {
      if (entry.stream === 'note' || entry.atMs === null || entry.source !== source) continue;
      atMs ??= entry.atMs;
      if (entry.atMs === atMs && count === held) count++;
      held++;
    }
  }
  return atMs === undefined ? undefined : { atMs, count, held };
}
