/** A log, or several in one: the rows in the window, matches shown, and our own remarks in their own look. */
import { cut, textWidth } from '../format/width.ts';
import { foldText, fromColumn } from '../format/wrap.ts';
import { matchRanges } from '../model/filter.ts';
import type { LogEntry, LogPaint } from '../model/log-buffer.ts';
import { shownLines } from '../model/log-lens.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { plainLine, span } from './cells.ts';
import { labelSpans, labelWidth } from './log-labels.ts';
import { mergedEmptyWords } from './log-sources.ts';
import { entryAt, firstPlace, shownText, textRoom, timeWords, treeRows } from './log-window.ts';
import type { Area, Line, Span } from './view.ts';

/** The visible rows of a log. */
export function logLines(screen: LogsScreen, area: Area): readonly Line[] {
  const shown = shownLines(screen);
  if (shown.count === 0) return [plainLine(''), plainLine(`   ${emptyWords(screen)}`, 'dim')];
  const start = firstPlace(screen, area);
  const lines: Line[] = [];
  let skip = start.row;
  const first = shown.indexFrom(start.line);
  for (let index = first; index < shown.count && lines.length < area.height; index++) {
    const number = shown.line(index);
    const entry = entryAt(screen, number);
    if (!entry) continue;
    lines.push(...entryLines(screen, entry, number, area.width).slice(skip));
    skip = 0;
  }
  return lines.slice(0, area.height);
}

function emptyWords(screen: LogsScreen): string {
  const { stream, log, lens } = screen;
  if (log.end > log.first && lens !== 'all') return 'No line matches; x shows all of them.';
  if (screen.merged) return mergedEmptyWords(screen.merged);
  switch (stream.kind) {
    case 'opening':
      return 'Waiting for the first lines …';
    case 'following':
      return 'Nothing logged yet; new lines appear here.';
    case 'ended':
      return 'The log is empty.';
    case 'done':
      return 'Nothing was logged then; 0 reads the last lines.';
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
  if (entry.stream === 'note') {
    const label = labelSpans(screen, entry, width, true);
    const room = width - labelWidth(screen, width);
    return [{ spans: [...label, span(cut(`── ${entry.text} ──`, room), 'dim')] }];
  }
  const time = timeWords(entry, screen.times);
  const room = textRoom(screen, entry, width);
  const isFocus = isAtLine(screen, number);
  return textRows(screen, entry, room).map((row, index): Line => {
    const prefix = index === 0 ? time : ' '.repeat(time.length);
    const spans = [
      ...labelSpans(screen, entry, width, index === 0),
      ...(time === '' ? [] : [span(prefix, 'dim')]),
      ...textSpans(screen, row),
    ];
    return isFocus ? { spans, fill: 'selected' } : { spans };
  });
}

/** Whether the reader is at this line: it was jumped to, or it is selected. */
function isAtLine(screen: LogsScreen, number: number): boolean {
  const { selection, focus, search } = screen;
  if (!selection) return (focus ?? search?.current) === number;
  const shown = shownLines(screen);
  const at = shown.indexFrom(number);
  const ends = [shown.indexFrom(selection.anchor), shown.indexFrom(selection.at)];
  return at >= Math.min(...ends) && at <= Math.max(...ends);
}

/** A row of a line's text and where the log coloured it. */
interface Row {
  readonly text: string;
  readonly paint: readonly LogPaint[];
}

function textRows(screen: LogsScreen, entry: LogEntry, room: number): readonly Row[] {
  const tree = treeRows(screen, entry);
  if (tree) {
    const fold = (row: string) => (screen.isWrapped ? foldText(row, room) : [seen(screen, row)]);
    return tree.flatMap(fold).map((text) => ({ text: cut(text, room), paint: [] }));
  }
  const text = shownText(entry);
  const paint = entry.paint ?? [];
  if (screen.isWrapped) {
    let at = 0;
    return foldText(text, room).map((row) => {
      at += row.length;
      return { text: row, paint: shifted(paint, at - row.length) };
    });
  }
  const rest = seen(screen, text);
  return [{ text: cut(rest, room), paint: shifted(paint, text.length - rest.length) }];
}

function seen(screen: LogsScreen, text: string): string {
  return fromColumn(text, screen.column);
}

function shifted(paint: readonly LogPaint[], by: number): readonly LogPaint[] {
  if (by === 0) return paint;
  return paint.map((one) => ({ ...one, from: one.from - by, to: one.to - by }));
}

/** A row with what the search found in it, in the log's own colours. */
export function textSpans({ search }: LogsScreen, { text, paint }: Row): readonly Span[] {
  const ranges = search ? matchRanges(search.filter, text) : [];
  const spans: Span[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    spans.push(...painted(text, paint, at, start), span(text.slice(start, end), 'match'));
    at = end;
  }
  spans.push(...painted(text, paint, at, text.length));
  return spans.length > 0 ? spans : [span('')];
}

/** The part of a row between two places in the log's own colours. */
function painted(
  text: string,
  paint: readonly LogPaint[],
  from: number,
  to: number,
): readonly Span[] {
  const spans: Span[] = [];
  let at = from;
  for (const { from: start, to: end, look } of paint) {
    const first = Math.max(at, start);
    const last = Math.min(to, end);
    if (last <= first) continue;
    if (first > at) spans.push(span(text.slice(at, first)));
    spans.push(span(text.slice(first, last), look));
    at = last;
  }
  if (at < to) spans.push(span(text.slice(at, to)));
  return spans;
}

/** The widest visible line in cells, labels and times not counted: how far the view may be moved sideways. */
export function widestLine(screen: LogsScreen, area: Area): number {
  const shown = shownLines(screen);
  const first = shown.indexFrom(firstPlace(screen, area).line);
  let widest = 0;
  for (let index = first; index < Math.min(shown.count, first + area.height); index++) {
    const entry = entryAt(screen, shown.line(index));
    if (entry) widest = Math.max(widest, textWidth(shownText(entry)));
  }
  return widest;
}
