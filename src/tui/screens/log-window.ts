/** Which rows of a log a window shows, and how places move by rows when long lines are folded. */
import { formatClock, formatExactMoment } from '../format/clock.ts';
import { countRows } from '../format/wrap.ts';
import { type LogBuffer, type LogEntry, lineAt } from '../model/log-buffer.ts';
import type { LogPlace, LogsScreen } from '../model/log-view.ts';

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

/** The rows that the line of this number takes; 1 when lines are not folded. */
export function rowsOf(screen: LogsScreen, line: number, width: number): number {
  if (!screen.isWrapped) return 1;
  const entry = lineAt(screen.log, line);
  if (!entry) return 1;
  return countRows(shownText(entry), width - timeWords(entry, screen.times).length);
}

/** The place where the window must begin so that the log's last row is its last row. */
export function lastPlace(screen: LogsScreen, frame: LogFrame): LogPlace {
  const { log } = screen;
  let left = frame.height;
  for (let line = log.end - 1; line >= log.dropped; line--) {
    const rows = rowsOf(screen, line, frame.width);
    if (rows >= left) return { line, row: rows - left };
    left -= rows;
  }
  return { line: log.dropped, row: 0 };
}

/** Where the window begins: at the end while following, else at the reader's place if that is still held. */
export function firstPlace(screen: LogsScreen, frame: LogFrame): LogPlace {
  const last = lastPlace(screen, frame);
  if (screen.isFollowing) return last;
  return earlier(clampToHeld(screen.log, screen.top), last);
}

/** The place so many rows further down, or up when negative; within the log and never past its end. */
export function movePlace(
  screen: LogsScreen,
  from: LogPlace,
  by: number,
  frame: LogFrame,
): LogPlace {
  let { line, row } = clampToHeld(screen.log, from);
  row += by;
  while (row < 0 && line > screen.log.dropped) {
    line--;
    row += rowsOf(screen, line, frame.width);
  }
  let rows = rowsOf(screen, line, frame.width);
  while (row >= rows && line < screen.log.end - 1) {
    line++;
    row -= rows;
    rows = rowsOf(screen, line, frame.width);
  }
  const place = { line, row: Math.max(0, Math.min(row, rows - 1)) };
  return earlier(place, lastPlace(screen, frame));
}

function earlier(a: LogPlace, b: LogPlace): LogPlace {
  return a.line < b.line || (a.line === b.line && a.row <= b.row) ? a : b;
}

function clampToHeld(log: LogBuffer, place: LogPlace): LogPlace {
  return place.line < log.dropped ? { line: log.dropped, row: 0 } : place;
}
