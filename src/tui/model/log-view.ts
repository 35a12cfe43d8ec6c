/** An open log: the lines, where the reader is in them, what is searched, and how the stream behind it does. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import { appendLines, EMPTY_LOG, findLines, type LogBuffer, type LogEntry } from './log-buffer.ts';
import type { Lens } from './log-lens.ts';
import { isReadForward, type LogRange } from './log-range.ts';
import type { LogPast, LogStream, LogTail, MergedLogs } from './log-source.ts';

/** No line has a number below it. */
export const NOTHING_CLEARED = Number.NEGATIVE_INFINITY;

/** A place in a log: a line by its number, and a row of it when lines are wrapped. */
export interface LogPlace {
  readonly line: number;
  readonly row: number;
}

export interface LogSelection {
  readonly anchor: number;
  readonly at: number;
}

export interface LogSearch {
  readonly text: string;
  readonly filter: Filter;
  /** Why the text can't be searched for; undefined when it can. */
  readonly why: string | undefined;
  /** Numbers of the lines that match, rising. */
  readonly matches: readonly number[];
  /** The match the reader is at. */
  readonly current: number | undefined;
}

export interface LogsScreen {
  readonly kind: 'logs';
  /** Names the stream in events: an answer to a closed view is dropped. */
  readonly viewId: number;
  readonly key: ContainerKey;
  readonly log: LogBuffer;
  readonly stream: LogStream;
  readonly retryAtMs: number;
  readonly failures: number;
  readonly isFollowing: boolean;
  /** The first row shown while not following. */
  readonly top: LogPlace;
  /** The end of the log when the reader stopped following: lines after it are new to the reader. */
  readonly seenEnd: number;
  readonly column: number;
  readonly isWrapped: boolean;
  readonly times: 'none' | 'short' | 'full';
  readonly search: LogSearch | undefined;
  /** Lines that an earlier stream brought already. */
  readonly skip: LogTail | undefined;
  readonly lens: Lens;
  /** Lines that are JSON are shown as a tree. */
  readonly isPretty: boolean;
  readonly range: LogRange;
  /** The line that the reader jumped to last. */
  readonly focus: number | undefined;
  /** Lines before this number were cleared away; scrolling up brings them back. */
  readonly clearedTo: number;
  /** Lines being selected, between these two. */
  readonly selection: LogSelection | undefined;
  /** Of one log; many have theirs each. */
  readonly past: LogPast;
  /** Set when the view shows many containers; then `key` and `stream` mean nothing. */
  readonly merged: MergedLogs | undefined;
}

/** A log view at its beginning; the stream is still to be opened. */
export function freshLogs(
  viewId: number,
  key: ContainerKey,
  range: LogRange = { kind: 'tail' },
): LogsScreen {
  return {
    kind: 'logs',
    viewId,
    key,
    log: EMPTY_LOG,
    stream: { kind: 'opening' },
    retryAtMs: 0,
    failures: 0,
    isFollowing: !isReadForward(range),
    top: { line: 0, row: 0 },
    seenEnd: 0,
    column: 0,
    isWrapped: false,
    times: 'none',
    search: undefined,
    skip: undefined,
    lens: 'all',
    isPretty: false,
    range,
    focus: undefined,
    clearedTo: NOTHING_CLEARED,
    selection: undefined,
    past: { kind: 'unknown' },
    merged: undefined,
  };
}

/** The view with more lines; those that an earlier stream brought already are left out. */
export function withLines(view: LogsScreen, entries: readonly LogEntry[]): LogsScreen {
  const { fresh, skip } = skipKnown(view.skip, entries);
  const log = appendLines(view.log, fresh);
  return { ...view, log, search: searchOn(view.search, log, view.log.end), skip };
}

/** The search over a log that has grown from line number `from` on. */
export function searchOn(search: LogSearch | undefined, log: LogBuffer, from: number) {
  return search && extendSearch(search, log, from);
}

/** The lines without those that an earlier stream brought, and what of these is still to come. */
export function skipKnown(skip: LogTail | undefined, entries: readonly LogEntry[]) {
  if (!skip) return { fresh: entries, skip };
  let { count } = skip;
  for (const [index, entry] of entries.entries()) {
    const atMs = entry.atMs ?? Number.POSITIVE_INFINITY;
    const isKnown = atMs < skip.atMs || (atMs === skip.atMs && count > 0);
    if (!isKnown) return { fresh: entries.slice(index), skip: undefined };
    if (atMs === skip.atMs) count--;
  }
  return { fresh: [], skip: { ...skip, count } };
}

/** What a new stream would bring again: the time of the last line, and how many lines share it. */
export function knownTail(log: LogBuffer): LogTail | undefined {
  let last: number | null = null;
  let count = 0;
  for (const chunk of log.chunks.toReversed()) {
    for (const { atMs, stream } of chunk.entries.toReversed()) {
      if (stream === 'note' || atMs === null) continue;
      last ??= atMs;
      if (atMs !== last) return { atMs: last, count };
      count++;
    }
  }
  return last === null ? undefined : { atMs: last, count };
}

/** The search for a text over all lines held; undefined for an empty text. */
export function searchLog(log: LogBuffer, text: string): LogSearch | undefined {
  if (text.trim() === '') return undefined;
  const parsed = parseFilter(text, 'text');
  if (parsed.kind === 'bad') {
    return { text, filter: EVERYTHING, why: parsed.why, matches: [], current: undefined };
  }
  const { filter } = parsed;
  const matches = findLines(log, log.first, (entry) => isMatch(filter, entry));
  return { text, filter, why: undefined, matches, current: undefined };
}

function isMatch(filter: Filter, entry: LogEntry): boolean {
  return passes(filter, [entry.text]);
}

function extendSearch(search: LogSearch, log: LogBuffer, from: number): LogSearch {
  if (search.why !== undefined) return search;
  const added = findLines(log, from, (entry) => isMatch(search.filter, entry));
  const isTrimmed = (search.matches[0] ?? log.first) < log.first;
  if (added.length === 0 && !isTrimmed) return search;
  const kept = isTrimmed ? search.matches.filter((line) => line >= log.first) : search.matches;
  return { ...search, matches: [...kept, ...added] };
}

/** The match after or before a line, going round at the ends; undefined when there is none. */
export function nextMatch(search: LogSearch, line: number, by: 1 | -1): number | undefined {
  const { matches } = search;
  return by > 0
    ? (matches.find((match) => match > line) ?? matches[0])
    : (matches.findLast((match) => match < line) ?? matches.at(-1));
}
