/** A log line that is JSON as a tree of rows: what comes before the object stays on the first row. */
import type { LogEntry } from '../model/log-buffer.ts';
import { printable } from './width.ts';

/** Longer lines stay as they are: parsing one must never be felt. */
const PARSED_UNITS = 65_536;
const MAX_ROWS = 200;

const known = new WeakMap<LogEntry, readonly string[]>();

/** The rows of the tree; one row, the text itself, when it holds no JSON object. */
export function prettyRows(entry: LogEntry): readonly string[] {
  const rows = known.get(entry) ?? makeRows(entry.text);
  known.set(entry, rows);
  return rows;
}

function makeRows(text: string): readonly string[] {
  const start = text.indexOf('{');
  if (start < 0 || text.length > PARSED_UNITS || !text.trimEnd().endsWith('}')) return [text];
  try {
    const value: unknown = JSON.parse(text.slice(start));
    // Parsing brings back the characters that JSON had written as escapes.
    const rows = JSON.stringify(value, null, 2).split('\n').map(printable);
    const shown = [text.slice(0, start) + (rows[0] ?? ''), ...rows.slice(1, MAX_ROWS)];
    return rows.length > MAX_ROWS ? [...shown, `… ${rows.length - MAX_ROWS} more rows`] : shown;
  } catch {
    return [text];
  }
}
