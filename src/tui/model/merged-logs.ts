/** A logs view of many containers: its sources, how each stream does, and how far each host's clock is from ours. */
import { aheadMs } from './clock-bounds.ts';
import { environmentIdOf } from './live-fleet.ts';
import { appendLines, LOG_LIMITS, type LogEntry } from './log-buffer.ts';
import { freshMerge, pushLines, releaseLines } from './log-merge.ts';
import type { LogRange } from './log-range.ts';
import type { LogSource, LogTail, MergedLogs } from './log-source.ts';
import { freshLogs, type LogsScreen, searchOn } from './log-view.ts';

/** At most so many logs are followed in one view. */
export const MAX_SOURCES = 50;

export interface MergedScreen extends LogsScreen {
  readonly merged: MergedLogs;
}

/** A merged view at its beginning. */
export function freshMerged(
  viewId: number,
  { sources, wanted, range }: Pick<MergedLogs, 'sources' | 'wanted'> & { range: LogRange },
  nowMs: number,
): MergedScreen {
  const merged: MergedLogs = {
    sources,
    wanted,
    merge: freshMerge(sources.length, nowMs),
    clocks: new Map(),
    label: 'long',
    isListed: false,
    picking: undefined,
    hidden: new Set(),
    order: 'merged',
  };
  return { ...freshLogs(viewId, sources[0]?.key ?? '0/', range), merged };
}

/** Whether a logs view shows many containers. */
export function isMerged(screen: LogsScreen | undefined): screen is MergedScreen {
  return screen?.merged !== undefined;
}

/** The view with one source changed. */
export function withSource(
  screen: MergedScreen,
  at: number,
  change: Partial<LogSource>,
): MergedScreen {
  const { merged } = screen;
  const sources = merged.sources.map((source, index) =>
    index === at ? { ...source, ...change } : source,
  );
  return { ...screen, merged: { ...merged, sources } };
}

/** The view with lines that a source brought; they show once their order is settled. */
export function withArrived(
  screen: MergedScreen,
  at: number,
  entries: readonly LogEntry[],
  nowMs: number,
): MergedScreen {
  const { merged } = screen;
  const source = merged.sources[at];
  if (!source) return screen;
  const environmentId = environmentIdOf(source.key);
  const merge = pushLines(merged.merge, at, {
    entries: entries.map((entry) => ({ ...entry, source: at })),
    nowMs,
    aheadMs: aheadMs(merged.clocks.get(environmentId)),
  });
  return withReleased({ ...screen, merged: { ...merged, merge } }, nowMs);
}

/** The view with the lines that may leave the merge now; what waits counts towards the limits of the whole view. */
export function withReleased(screen: MergedScreen, nowMs: number): MergedScreen {
  const { merge, entries } = releaseLines(screen.merged.merge, nowMs);
  const merged = { ...screen.merged, merge };
  if (entries.length === 0) return merge === screen.merged.merge ? screen : { ...screen, merged };
  const limits = {
    lines: Math.max(1, LOG_LIMITS.lines - merge.lines),
    bytes: Math.max(1, LOG_LIMITS.bytes - merge.bytes),
  };
  const log = appendLines(screen.log, entries, limits);
  return { ...screen, merged, log, search: searchOn(screen.search, log, screen.log.end) };
}

/** The newest time and how many lines share it, after more lines of the same source. */
export function tailAfter(
  tail: LogTail | undefined,
  entries: readonly LogEntry[],
): LogTail | undefined {
  let { atMs, count } = tail ?? { atMs: Number.NEGATIVE_INFINITY, count: 0 };
  for (const entry of entries) {
    if (entry.atMs === null || entry.atMs < atMs) continue;
    count = entry.atMs === atMs ? count + 1 : 1;
    atMs = entry.atMs;
  }
  return count === 0 ? undefined : { atMs, count };
}

/** The container that a line of a view comes from. */
export function sourceKey(screen: LogsScreen, entry: LogEntry | undefined) {
  if (!isMerged(screen)) return screen.key;
  return entry?.source === undefined ? undefined : screen.merged.sources[entry.source]?.key;
}
