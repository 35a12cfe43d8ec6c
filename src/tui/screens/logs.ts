/** A container's log: the rows in the window, matches shown, and our own remarks in their own look. */
import { cut, textWidth } from '../format/width.ts';
import { foldText, fromColumn } from '../format/wrap.ts';
import { matchRanges } from '../model/filter.ts';
import { type LogEntry, lineAt } from '../model/log-buffer.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { plainLine, span } from './cells.ts';
import { firstPlace, shownText, timeWords } from './log-window.ts';
import type { Area, Line, Span } from './view.ts';

/** The visible rows of a log. */
export function logLines(screen: LogsScreen, area: Area): readonly Line[] {
  const { log } = screen;
  if (log.end === log.dropped) return [plainLine(''), plainLine(`   ${emptyWords(screen)}`, 'dim')];
  const start = firstPlace(screen, area);
  const lines: Line[] = [];
  let skip = start.row;
  for (let number = start.line; number < log.end && lines.length < area.height; number++) {
    const entry = lineAt(log, number);
    if (!entry) continue;
    lines.push(...entryLines(screen, entry, number, area.width).slice(skip));
    skip = 0;
  }
  return lines.slice(0, area.height);
}

function emptyWords({ stream }: LogsScreen): string {
  switch (stream.kind) {
    case 'opening':
      return 'Waiting for the first lines …';
    case 'following':
      return 'Nothing logged yet; new lines appear here.';
    case 'ended':
      return 'The log is empty.';
    case 'failed':
      return stream.why;
  }
}

function entryLines(
  screen: LogsScreen,
  entry: LogEntry,
  number: number,
  width: number,
): readonly Line[] {
  if (entry.stream === 'note') return [plainLine(cut(`── ${entry.text} ──`, width), 'dim')];
  const time = timeWords(entry, screen.times);
  const room = Math.max(2, width - time.length);
  const text = shownText(entry);
  const rows = screen.isWrapped
    ? foldText(text, room)
    : [cut(fromColumn(text, screen.column), room)];
  const isCurrent = screen.search?.current === number;
  return rows.map((row, index): Line => {
    const prefix = index === 0 ? time : ' '.repeat(time.length);
    const spans = [...(time === '' ? [] : [span(prefix, 'dim')]), ...rowSpans(screen, row)];
    return isCurrent ? { spans, fill: 'selected' } : { spans };
  });
}

function rowSpans(screen: LogsScreen, row: string): readonly Span[] {
  if (!screen.search) return [span(row)];
  const spans: Span[] = [];
  let at = 0;
  for (const [start, end] of matchRanges(screen.search.filter, row)) {
    if (start > at) spans.push(span(row.slice(at, start)));
    spans.push(span(row.slice(start, end), 'match'));
    at = end;
  }
  return [...spans, span(row.slice(at))];
}

/** The widest visible line in cells: how far the view may be moved sideways. */
export function widestLine(screen: LogsScreen, area: Area): number {
  const start = firstPlace(screen, area);
  let widest = 0;
  for (let number = start.line; number < start.line + area.height; number++) {
    const entry = lineAt(screen.log, number);
    if (entry) widest = Math.max(widest, textWidth(shownText(entry)));
  }
  return widest;
}
