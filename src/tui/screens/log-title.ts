/** The title line of a log: whose, how much of it, how it is sifted, whether it is followed. */
import { formatCount, formatThings } from '../format/amounts.ts';
import { rangeWords } from '../format/range-words.ts';
import { printable } from '../format/width.ts';
import { isReadForward } from '../model/log-range.ts';
import type { MergedLogs } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';
import type { AppState } from '../model/state.ts';
import { type Segment, spread } from './cells.ts';
import { foldedSegments } from './chrome.ts';
import {
  choiceWords,
  cutCount,
  failedCount,
  isCut,
  lateCount,
  shiftedHosts,
  sourcesWords,
  statesWords,
} from './log-sources.ts';
import type { Line } from './view.ts';

/** What a log is of and how it is read; `name` is the container's, of a log that is of one alone. */
export function logsTitle(state: AppState, screen: LogsScreen, name: string): Line {
  const { merged } = screen;
  const { log, search } = screen;
  const place = search?.current === undefined ? -1 : search.matches.indexOf(search.current);
  const found = search
    ? `/${printable(search.text)} ${place >= 0 ? `${place + 1} of ` : ''}${formatCount(search.matches.length)}`
    : '';
  const left: Segment[] = [
    { text: 'logs', style: 'title', keep: 9 },
    { text: merged ? sourcesWords(merged) : name, keep: 8 },
    { text: found, style: 'match', keep: 7 },
    { text: search && screen.lens !== 'all' ? LENS_WORDS[screen.lens] : '', keep: 6 },
    { text: merged ? choiceWords(merged) : '', style: 'match', keep: 6 },
    { text: rangeWords(screen.range), style: 'dim', keep: 5 },
  ];
  const dropped = log.letGo > 0 ? `${formatCount(log.letGo)} older let go` : '';
  const right: Segment[] = [
    { text: dropped, style: 'warning', keep: 8 },
    {
      text: screen.column > 0 && !screen.isWrapped ? `from column ${screen.column + 1}` : '',
      style: 'dim',
      keep: 2,
    },
    { text: formatThings(log.end - log.first, 'line'), style: 'dim', keep: 4 },
    ...(merged ? mergedSegments(merged) : [streamSegment(screen)]),
    { text: modeWords(screen), style: screen.isFollowing ? 'accent' : 'warning', keep: 9 },
  ];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function modeWords({ log, stream, range, isFollowing, seenEnd, selection }: LogsScreen): string {
  if (selection) return 'selecting';
  if (stream.kind === 'done') return 'not followed';
  if (isFollowing) return 'follow';
  const fresh = isReadForward(range) ? 0 : log.end - seenEnd;
  return `paused${fresh > 0 ? `, ${formatCount(fresh)} new` : ''}`;
}

const LENS_WORDS = { matches: 'matches only', context: 'with context' } as const;

function mergedSegments(merged: MergedLogs): readonly Segment[] {
  const failed = failedCount(merged);
  const late = lateCount(merged);
  const cut = cutCount(merged);
  const shifted = shiftedHosts(merged);
  return [
    { text: shifted > 0 ? `${formatThings(shifted, 'clock')} shifted` : '', keep: 4 },
    { text: statesWords(merged), style: 'pending', keep: 5 },
    { text: cut > 0 ? `${formatCount(cut)} cut short` : '', style: 'warning', keep: 8 },
    { text: late > 0 ? `${formatCount(late)} late` : '', style: 'warning', keep: 8 },
    { text: failed > 0 ? `${formatCount(failed)} failed` : '', style: 'error', keep: 8 },
  ];
}

function streamSegment({ stream }: LogsScreen): Segment {
  switch (stream.kind) {
    case 'opening':
      return { text: 'waiting for lines', style: 'pending', keep: 6 };
    case 'following':
      return { text: '', keep: 0 };
    case 'done':
      if (isCut(stream)) return { text: 'cut short', style: 'warning', keep: 8 };
      return { text: 'read', style: 'dim', keep: 6 };
    case 'ended':
      return { text: 'ended', style: 'nodata', keep: 6 };
    case 'failed':
      return { text: 'failed', style: 'error', keep: 6 };
  }
}
