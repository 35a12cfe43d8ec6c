/** Which rows of a log a window shows, and how places move by rows when lines take more than one. */
import { formatClock, formatExactMoment } from '../format/clock.ts';
import { prettyRows } from '../format/pretty-json.ts';
import { countRows, foldText } from '../format/wrap.ts';
import { type LogEntry, lineAt } from '../model/log-buffer.ts';
import { edgeLine, type ShownLines, shownLines } from '../model/log-lens.ts';
import type { LogPlace, LogsScreen } from '../model/log-view.ts';
import { edgeWords } from './log-edge.ts';
import { labelWidth } from './log-labels.ts';

/** Longer lines are shown up to here, with a remark: a row must never cost more than this. */
const SHOWN_CHARACTERS = 16_384;

export interface LogFrame {
  readonly width: number;
  readonly height: number;
}

/** The characters a time takes before each line. */
export function timeWords(entry: LogEntry, times: LogsScreen['times']): string {
  if (times === 'none' || entry.stream === 'note') return '';
  if (times === 'short') return entry.atMs === null ? '         ' : `${formatClock(entry.atMs)} `;
  const time = entry.atMs === null ? ' '.repeat(23) : formatExactMoment(entry.atMs);
  return `${time} ${entry.stream === 'stderr' ? 'err' : 'out'} `;
}

/** A line's text as far as it is shown. */
export function shownText(entry: LogEntry): string {
  const { length } = entry.text;
  if (length <= SHOWN_CHARACTERS) return entry.text;
  return `${entry.text.slice(0, SHOWN_CHARACTERS)} … ${length - SHOWN_CHARACTERS} more characters`;
}

/** The cells left for a line's text beside its label and time. */
export function textRoom(screen: LogsScreen, entry: LogEntry, width: number): number {
  return Math.max(2, width - labelWidth(screen, width) - timeWords(entry, screen.times).length);
}

/** What stands in the window under a number: a line of the log, or our remark on what lies before the first one. */
export function entryAt(screen: LogsScreen, line: number): LogEntry | undefined {
  if (line !== edgeLine(screen)) return lineAt(screen.log, line);
  return { atMs: null, stream: 'note', text: edgeWords(screen) };
}

/** The rows of a line that is shown as a tree; undefined for one that is shown as it is. */
export function treeRows(screen: LogsScreen, entry: LogEntry): readonly string[] | undefined {
  if (!screen.isPretty || entry.stream === 'note') return undefined;
  const rows = prettyRows(entry);
  return rows.length > 1 ? rows : undefined;
}

/** The rows that the line of this number takes. */
export function rowsOf(screen: LogsScreen, line: number, width: number): number {
  if (!screen.isWrapped && !screen.isPretty) return 1;
  const entry = entryAt(screen, line);
  if (!entry || entry.stream === 'note') return 1;
  const room = textRoom(screen, entry, width);
  const tree = treeRows(screen, entry);
  if (!tree) return screen.isWrapped ? countRows(shownText(entry), room) : 1;
  return screen.isWrapped ? tree.flatMap((row) => foldText(row, room)).length : tree.length;
}

/** The place where the window must begin so that the log's last row is its last row. */
export function lastPlace(screen: LogsScreen, frame: LogFrame): LogPlace {
  const shown = shownLines(screen);
  let left = frame.height;
  for (let index = shown.count - 1; index >= 0; index--) {
    const line = shown.line(index);
    const rows = rowsOf(screen, line, frame.width);
    if (rows >= left) return { line, row: rows - left };
    left -= rows;
  }
  return { line: shown.count > 0 ? shown.line(0) : screen.log.first, row: 0 };
}

/** Where the window begins: at the end while following, else at the reader's place if that is still held. */
export function firstPlace(screen: LogsScreen, frame: LogFrame): LogPlace {
  const last = lastPlace(screen, frame);
  if (screen.isFollowing) return last;
  const shown = shownLines(screen);
  return earlier(shown, clampToShown(shown, screen.top), last);
}

/** The place so many rows further down, or up when negative; within the log and never past its end. */
export function movePlace(
  screen: LogsScreen,
  from: LogPlace,
  by: number,
  frame: LogFrame,
): LogPlace {
  const shown = shownLines(screen);
  if (shown.count === 0) return from;
  const start = clampToShown(shown, from);
  let index = shown.indexFrom(start.line);
  let row = start.row + by;
  while (row < 0 && index > 0) {
    index--;
    row += rowsOf(screen, shown.line(index), frame.width);
  }
  let rows = rowsOf(screen, shown.line(index), frame.width);
  while (row >= rows && index < shown.count - 1) {
    index++;
    row -= rows;
    rows = rowsOf(screen, shown.line(index), frame.width);
  }
  const place = { line: shown.line(index), row: Math.max(0, Math.min(row, rows - 1)) };
  return earlier(shown, place, lastPlace(screen, frame));
}

/** The last line that begins in a window whose first line is `from`. */
export function lineAfterRows(screen: LogsScreen, from: number, frame: LogFrame): number {
  const shown = shownLines(screen);
  let index = shown.indexFrom(from);
  let left = frame.height - rowsOf(screen, from, frame.width);
  while (left > 0 && index < shown.count - 1) {
    index++;
    left -= rowsOf(screen, shown.line(index), frame.width);
  }
  return index < shown.count ? shown.line(index) : from;
}

function earlier(shown: ShownLines, a: LogPlace, b: LogPlace): LogPlace {
  if (a.line === b.line) return a.row <= b.row ? a : b;
  return shown.indexFrom(a.line) < shown.indexFrom(b.line) ? a : b;
}

function clampToShown(shown: ShownLines, place: LogPlace): LogPlace {
  if (shown.count === 0) return place;
  const line = shown.line(Math.min(shown.count - 1, shown.indexFrom(place.line)));
  return line === place.line ? place : { line, row: 0 };
}
