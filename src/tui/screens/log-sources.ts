/** The sources of a merged view in words: counts for its title, and a list with each one's state, lines and clock. */
import { formatCount, formatDuration, formatThings } from '../format/amounts.ts';
import { pad, printable, textWidth } from '../format/width.ts';
import { aheadMs } from '../model/clock-bounds.ts';
import { environmentIdOf } from '../model/live-fleet.ts';
import type { LogSource, MergedLogs } from '../model/log-source.ts';
import { fitSpans, nameCell, rightCell, span } from './cells.ts';
import { sourceStyle } from './log-labels.ts';
import type { Line, StyleName } from './view.ts';

type StreamKind = LogSource['stream']['kind'];

function count({ sources }: MergedLogs, kind: StreamKind): number {
  return sources.filter(({ stream }) => stream.kind === kind).length;
}

/** `3 logs`, or `50 of 63 logs, 13 left out`. */
export function sourcesWords({ sources, wanted }: MergedLogs): string {
  const left = wanted - sources.length;
  if (left <= 0) return formatThings(sources.length, 'log');
  return `${formatCount(sources.length)} of ${formatThings(wanted, 'log')}, ${formatCount(left)} left out`;
}

/** `3 of 6 shown, by source`: what the person chose among the sources. */
export function choiceWords({ sources, hidden, order }: MergedLogs): string {
  const shown = sources.length - hidden.size;
  const words = [
    hidden.size > 0 ? `${formatCount(shown)} of ${formatCount(sources.length)} shown` : '',
    order === 'by-source' ? 'by source' : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

/** `2 waiting`, `1 ended`: the states but following and failed, in a few words. */
export function statesWords(merged: MergedLogs): string {
  const waiting = count(merged, 'opening');
  const ended = count(merged, 'ended');
  const words = [
    waiting > 0 ? `${formatCount(waiting)} waiting` : '',
    ended > 0 ? `${formatCount(ended)} ended` : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

/** How many sources failed. */
export function failedCount(merged: MergedLogs): number {
  return count(merged, 'failed');
}

/** How many sources had more lines in the range than were read. */
export function cutCount({ sources }: MergedLogs): number {
  return sources.filter(({ stream }) => isCut(stream)).length;
}

/** Whether a range was read in part only. */
export function isCut(stream: LogSource['stream']): boolean {
  return stream.kind === 'done' && stream.isCut;
}

/** Lines that came too late for their place. */
export function lateCount({ merge }: MergedLogs): number {
  return merge.lanes.reduce((sum, { late }) => sum + late, 0);
}

/** What an empty merged view says. */
export function mergedEmptyWords(merged: MergedLogs): string {
  const all = merged.sources.length;
  if (failedCount(merged) === all) return 'None of the logs can be read; a lists why.';
  if (merged.merge.lines > 0 || count(merged, 'opening') > 0) {
    return `Waiting for the first lines of ${formatThings(all, 'log')} …`;
  }
  const isOver = count(merged, 'ended') + failedCount(merged) === all;
  return isOver ? 'The logs are empty.' : 'Nothing logged yet; new lines appear here.';
}

/** `clock 2.3s ahead ±0.5s`, `clock agrees to 0.6s`, or `clock not measured`. */
export function clockWords({ clocks }: MergedLogs, { key }: LogSource): string {
  const bounds = clocks.get(environmentIdOf(key));
  if (!bounds) return 'clock not measured';
  const shift = aheadMs(bounds);
  const most = Math.max(-bounds.fromMs, bounds.toMs);
  if (shift === 0) return `clock agrees to ${formatDuration(most)}`;
  const doubt = formatDuration((bounds.toMs - bounds.fromMs) / 2);
  return `clock ${formatDuration(Math.abs(shift))} ${shift > 0 ? 'ahead' : 'behind'} ±${doubt}`;
}

/** How many hosts' times are shifted in this view. */
export function shiftedHosts({ clocks }: MergedLogs): number {
  return [...clocks.values()].filter((bounds) => aheadMs(bounds) !== 0).length;
}

const STATES: Readonly<Record<StreamKind, { words: string; style: StyleName; rank: number }>> = {
  failed: { words: 'failed', style: 'problem', rank: 0 },
  opening: { words: 'waiting', style: 'pending', rank: 1 },
  ended: { words: 'ended', style: 'nodata', rank: 2 },
  following: { words: 'following', style: 'plain', rank: 3 },
  done: { words: 'read', style: 'plain', rank: 4 },
};

const CUT = { words: 'cut short', style: 'warning' } as const;

/** One line per source, those that failed first, in so many lines; the last tells how many more there are. */
export function sourceLines(merged: MergedLogs, width: number, height: number): readonly Line[] {
  const rows = merged.sources.map((source, at) => ({ source, at }));
  if (merged.picking !== undefined) return pickLines(merged, merged.picking, width, height);
  rows.sort((a, b) => STATES[a.source.stream.kind].rank - STATES[b.source.stream.kind].rank);
  const widest = Math.max(...merged.sources.map(({ name }) => textWidth(name)));
  const nameWidth = Math.min(widest, Math.floor(width / 3));
  const room = rows.length > height ? height - 1 : height;
  const lines = rows.slice(0, room).map(({ source, at }) => {
    return { spans: fitSpans(sourceSpans(merged, source, at, nameWidth), width) };
  });
  const more = rows.length - lines.length;
  return more > 0 ? [...lines, { spans: [span(` … ${formatCount(more)} more`, 'dim')] }] : lines;
}

/** The sources in their own order, those that are shown ticked, the one the person is at in sight. */
function pickLines(
  merged: MergedLogs,
  picking: number,
  width: number,
  height: number,
): readonly Line[] {
  const widest = Math.max(...merged.sources.map(({ name }) => textWidth(name)));
  const nameWidth = Math.min(widest, Math.floor(width / 3));
  const last = Math.max(0, merged.sources.length - height);
  const first = Math.max(0, Math.min(last, picking - (height >> 1)));
  return merged.sources.slice(first, first + height).map((source, index): Line => {
    const at = first + index;
    const tick = span(merged.hidden.has(at) ? ' [ ] ' : ' [x] ', 'key');
    const spans = fitSpans([tick, ...sourceSpans(merged, source, at, nameWidth)], width);
    return at === picking ? { spans, fill: 'selected' } : { spans };
  });
}

function sourceSpans(merged: MergedLogs, source: LogSource, at: number, nameWidth: number) {
  const { stream, lines } = source;
  const { words, style } = isCut(stream) ? CUT : STATES[stream.kind];
  const late = merged.merge.lanes[at]?.late ?? 0;
  return [
    span('▌', sourceStyle(at)),
    nameCell(source.name, nameWidth),
    span(` ${pad(words, 10)}`, style),
    rightCell(formatThings(lines, 'line'), 13),
    span(late > 0 ? `  ${formatCount(late)} late` : '', 'warning'),
    span(stream.kind === 'failed' ? `  ${printable(stream.why)}` : '', 'warning'),
    span(`  ${clockWords(merged, source)}`, 'dim'),
  ];
}
