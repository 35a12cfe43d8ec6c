/**
 * Many logs in one order: lines wait in a lane per source and leave sorted by time, once no source can bring an
 * earlier one or they have waited long enough. A line that comes too late stands where it came, marked, never lost.
 */
import { entryBytes, type LogEntry, type LogLimits } from './log-buffer.ts';

/** A line waits at most so long for earlier ones of other sources. */
export const REORDER_MS = 500;
/** The same while some source is still sending what it logged before it was opened. */
export const CATCH_UP_MS = 5_000;
/** A source that sent nothing for so long has sent all that it had logged. */
const QUIET_MS = 300;

/** What may wait in all lanes together; beyond that the oldest leave early. */
export const HELD_LIMITS: LogLimits = { lines: 45_000, bytes: 24 * 1024 * 1024 };

interface Held {
  readonly timeMs: number;
  readonly arrivedMs: number;
  readonly entry: LogEntry;
}

export interface Lane {
  /** Times and arrivals both rise. */
  readonly held: readonly Held[];
  /** Of the newest line it ever brought. */
  readonly newestMs: number;
  /** Nothing is waited for from a lane that is over. */
  readonly phase: 'opening' | 'open' | 'over';
  readonly openedMs: number;
  readonly heardMs: number;
  /** Lines that came after later ones had left. */
  readonly late: number;
}

export interface Merge {
  readonly lanes: readonly Lane[];
  /** The time of the newest line that has left. */
  readonly frontierMs: number;
  /** What waits. */
  readonly lines: number;
  readonly bytes: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** A merge of so many sources, all of them being opened now. */
export function freshMerge(count: number, nowMs: number): Merge {
  const lane: Lane = {
    held: [],
    newestMs: NEVER,
    phase: 'opening',
    openedMs: nowMs,
    heardMs: nowMs,
    late: 0,
  };
  return {
    lanes: Array.from({ length: count }, () => lane),
    frontierMs: NEVER,
    lines: 0,
    bytes: 0,
  };
}

function withLane(merge: Merge, at: number, change: Partial<Lane>): Merge {
  const lanes = merge.lanes.map((lane, index) => (index === at ? { ...lane, ...change } : lane));
  return { ...merge, lanes };
}

/** The merge after a source began to be opened, was opened, or came to its end. */
export function withPhase(merge: Merge, at: number, phase: Lane['phase'], nowMs: number): Merge {
  const opened = phase === 'opening' ? { openedMs: nowMs } : {};
  return withLane(merge, at, { phase, heardMs: nowMs, ...opened });
}

export interface Arrival {
  readonly entries: readonly LogEntry[];
  readonly nowMs: number;
  /** What is taken from the source's times, in ms: how far its clock is ahead of ours. */
  readonly aheadMs: number;
}

/** The merge with lines that a source brought, in the source's own order whatever their times say. */
export function pushLines(merge: Merge, at: number, arrival: Arrival): Merge {
  const lane = merge.lanes[at];
  if (!lane || arrival.entries.length === 0) return merge;
  const { nowMs, aheadMs } = arrival;
  const held = [...lane.held];
  let { newestMs } = lane;
  let { bytes } = merge;
  for (const entry of arrival.entries) {
    const ownMs = entry.atMs === null ? noStampTime(entry, lane, nowMs) : entry.atMs - aheadMs;
    newestMs = Math.max(newestMs, ownMs);
    held.push({ timeMs: newestMs, arrivedMs: nowMs, entry });
    bytes += entryBytes(entry);
  }
  const phase = lane.phase === 'opening' ? 'open' : lane.phase;
  const next = withLane(merge, at, { held, newestMs, heardMs: nowMs, phase });
  return { ...next, bytes, lines: merge.lines + arrival.entries.length };
}

/** A remark stands behind the line it follows if that still waits; else what has no time came now. */
function noStampTime({ stream }: LogEntry, lane: Lane, nowMs: number): number {
  return stream === 'note' && lane.held.length > 0 ? NEVER : nowMs;
}

/** Whether a source is still sending what it logged before it was opened. */
function isBehind(lane: Lane, nowMs: number): boolean {
  if (lane.phase === 'opening') return nowMs - lane.openedMs < CATCH_UP_MS;
  const isPast = lane.newestMs < lane.openedMs;
  return lane.phase === 'open' && isPast && nowMs - lane.heardMs < QUIET_MS;
}

function waitMs(merge: Merge, nowMs: number): number {
  return merge.lanes.some((lane) => isBehind(lane, nowMs)) ? CATCH_UP_MS : REORDER_MS;
}

export interface Release {
  readonly merge: Merge;
  readonly entries: readonly LogEntry[];
}

/** Takes out what may leave now, in order. */
export function releaseLines(
  merge: Merge,
  nowMs: number,
  limits: LogLimits = HELD_LIMITS,
): Release {
  if (merge.lines === 0) return { merge, entries: [] };
  const boundMs = releaseBound(merge, nowMs, limits);
  const leaving: Held[] = [];
  let bytes = 0;
  const lanes = merge.lanes.map((lane) => {
    const count = countUntil(lane.held, (held) => held.timeMs <= boundMs);
    if (count === 0) return lane;
    let late = 0;
    for (const held of lane.held.slice(0, count)) {
      const isLate = held.timeMs < merge.frontierMs && held.entry.stream !== 'note';
      leaving.push(isLate ? { ...held, entry: { ...held.entry, isLate } } : held);
      bytes += entryBytes(held.entry);
      if (isLate) late++;
    }
    return { ...lane, held: lane.held.slice(count), late: lane.late + late };
  });
  if (leaving.length === 0) return { merge, entries: [] };
  // Runs that are in order already, one per lane: sorting them is a k-way merge, and it is stable.
  leaving.sort((a, b) => a.timeMs - b.timeMs);
  const frontierMs = Math.max(merge.frontierMs, leaving.at(-1)?.timeMs ?? NEVER);
  const rest = { lines: merge.lines - leaving.length, bytes: merge.bytes - bytes };
  return { merge: { lanes, frontierMs, ...rest }, entries: leaving.map(({ entry }) => entry) };
}

/** Lines up to this time leave: nothing earlier can come, or they waited long enough, or there are too many. */
function releaseBound(merge: Merge, nowMs: number, limits: LogLimits): number {
  if (merge.bytes > limits.bytes) return Number.POSITIVE_INFINITY;
  const waited = merge.lanes.filter(({ phase }) => phase !== 'over');
  const completeMs = Math.min(...waited.map(({ newestMs }) => newestMs));
  const expiredAtMs = nowMs - waitMs(merge, nowMs);
  const expired = merge.lanes.map(({ held }) => {
    const count = countUntil(held, ({ arrivedMs }) => arrivedMs <= expiredAtMs);
    return held[count - 1]?.timeMs ?? NEVER;
  });
  const surplus = merge.lines > limits.lines ? olderHalf(merge) : NEVER;
  return Math.max(merge.frontierMs, completeMs, surplus, ...expired);
}

function olderHalf(merge: Merge): number {
  const times = merge.lanes.flatMap(({ held }) => held.map(({ timeMs }) => timeMs));
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NEVER;
}

/** How many at the beginning a test accepts that holds for a beginning only. */
function countUntil(held: readonly Held[], accepts: (held: Held) => boolean): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = held[middle];
    if (at && accepts(at)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When waiting lines may leave next if nothing comes; undefined when none waits. */
export function nextReleaseMs(merge: Merge, nowMs: number): number | undefined {
  if (merge.lines === 0) return undefined;
  const oldestMs = Math.min(...merge.lanes.map(({ held }) => held[0]?.arrivedMs ?? Infinity));
  const behind = merge.lanes.filter((lane) => isBehind(lane, nowMs));
  if (behind.length === 0) return oldestMs + REORDER_MS;
  const changes = behind.map(({ phase, openedMs, heardMs }) =>
    phase === 'opening' ? openedMs + CATCH_UP_MS : heardMs + QUIET_MS,
  );
  return Math.min(oldestMs + CATCH_UP_MS, ...changes);
}
