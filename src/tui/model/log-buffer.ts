/**
 * The last lines of one log as a value: appending returns a new buffer that shares the old chunks. Every line has a
 * number that never changes, counted from the first one ever received, so a place in the log stays the same place.
 */

export interface LogEntry {
  readonly atMs: number | null;
  /** `note` is our own remark between the container's lines (a drop, the end of the stream). */
  readonly stream: 'stdout' | 'stderr' | 'note';
  /** Printable text only. */
  readonly text: string;
  /** Where the log itself coloured the text, in order, not overlapping. */
  readonly paint?: readonly LogPaint[];
  /** Which source of a merged view it comes from. */
  readonly source?: number;
  /** It came after later lines of other sources were shown already. */
  readonly isLate?: boolean;
}

export const LOG_COLORS = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
export type LogColor = (typeof LOG_COLORS)[number];

/** A stretch of a text, from `from` up to `to` in UTF-16 units, and its look. */
export interface LogPaint {
  readonly from: number;
  readonly to: number;
  readonly look: LogColor | 'bold' | 'dim';
}

interface Chunk {
  /** The number of its first line. */
  readonly first: number;
  readonly entries: readonly LogEntry[];
  readonly bytes: number;
}

export interface LogBuffer {
  readonly chunks: readonly Chunk[];
  readonly bytes: number;
  /** The number of the first line held; below 0 once older lines were read than the first received. */
  readonly first: number;
  /** The number the next line will get. */
  readonly end: number;
  /** Lines let go at the old end and not read again. */
  readonly letGo: number;
}

export interface LogLimits {
  readonly lines: number;
  readonly bytes: number;
}

export const LOG_LIMITS: LogLimits = { lines: 50_000, bytes: 32 * 1024 * 1024 };
const NO_LIMITS: LogLimits = { lines: Infinity, bytes: Infinity };
export const EMPTY_LOG: LogBuffer = { chunks: [], bytes: 0, first: 0, end: 0, letGo: 0 };

const CHUNK_LINES = 500;
const CHUNK_BYTES = 512 * 1024;
/** What a line costs beside its text: object, number and references, rounded up. */
const LINE_OVERHEAD = 64;

const PAINT_OVERHEAD = 48;

/** The memory a line takes, rounded up. */
export function entryBytes({ text, paint }: LogEntry): number {
  return LINE_OVERHEAD + 2 * text.length + PAINT_OVERHEAD * (paint?.length ?? 0);
}

/** How many lines the buffer holds. */
export function heldLines(log: LogBuffer): number {
  return log.end - log.first;
}

/** The buffer with more lines at its end, and the oldest let go so that it keeps within the limits. */
export function appendLines(
  log: LogBuffer,
  entries: readonly LogEntry[],
  limits: LogLimits = LOG_LIMITS,
): LogBuffer {
  if (entries.length === 0) return log;
  const chunks = [...log.chunks];
  let open = chunks.pop();
  let list = open ? [...open.entries] : [];
  let size = open?.bytes ?? 0;
  let first = open?.first ?? log.end;
  let bytes = log.bytes;
  for (const entry of entries) {
    if (list.length >= CHUNK_LINES || (size >= CHUNK_BYTES && list.length > 0)) {
      chunks.push({ first, entries: list, bytes: size });
      first += list.length;
      list = [];
      size = 0;
    }
    list.push(entry);
    size += entryBytes(entry);
    bytes += entryBytes(entry);
  }
  open = { first, entries: list, bytes: size };
  chunks.push(open);
  return trim({ ...log, chunks, bytes, end: first + list.length }, limits);
}

function trim(log: LogBuffer, limits: LogLimits): LogBuffer {
  let { bytes } = log;
  let gone = 0;
  const isOver = () =>
    log.end - (log.chunks[gone]?.first ?? log.end) > limits.lines || bytes > limits.bytes;
  while (gone < log.chunks.length - 1 && isOver()) {
    bytes -= log.chunks[gone]?.bytes ?? 0;
    gone++;
  }
  if (gone === 0) return log;
  const chunks = log.chunks.slice(gone);
  const first = chunks[0]?.first ?? log.end;
  return { ...log, chunks, bytes, first, letGo: log.letGo + first - log.first };
}

/** The buffer with older lines before its first one; all are kept, the limits are the caller's to mind. */
export function prependLines(log: LogBuffer, entries: readonly LogEntry[]): LogBuffer {
  if (entries.length === 0) return log;
  const first = log.first - entries.length;
  const older = appendLines({ ...EMPTY_LOG, first, end: first }, entries, NO_LIMITS);
  return {
    ...log,
    chunks: [...older.chunks, ...log.chunks],
    bytes: log.bytes + older.bytes,
    first,
    letGo: Math.max(0, log.letGo - entries.length),
  };
}

/** The line of this number; undefined when it was let go or has not come yet. */
export function lineAt(log: LogBuffer, number: number): LogEntry | undefined {
  if (number < log.first || number >= log.end) return undefined;
  let low = 0;
  let high = log.chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((log.chunks[middle]?.first ?? 0) <= number) low = middle;
    else high = middle - 1;
  }
  const chunk = log.chunks[low];
  return chunk?.entries[number - chunk.first];
}

/** The numbers of the lines from `from` on that a test accepts. */
export function findLines(
  log: LogBuffer,
  from: number,
  accepts: (entry: LogEntry) => boolean,
): number[] {
  const found: number[] = [];
  for (const chunk of log.chunks) {
    if (chunk.first + chunk.entries.length <= from) continue;
    chunk.entries.forEach((entry, index) => {
      const number = chunk.first + index;
      if (number >= from && entry.stream !== 'note' && accepts(entry)) found.push(number);
    });
  }
  return found;
}
