/** A log line that is JSON as a tree of rows: what comes before the object stays on the first row. */
import type { LogEntry } from '../model/log-buffer.ts';
import { printable } from './width.ts';

/** Longer lines stay as they are: parsing one must never be felt. */
const PARSED_UNITS = 65_536;
const MAX_ROWS = 200;
const ZOOMED_UNITS = 262_144;

const known = new WeakMap<LogEntry, readonly string[]>();

/** The rows of the tree; one row, the text itself, when it holds no JSON object. */
export function prettyRows(entry: LogEntry): readonly string[] {
  const rows = known.get(entry) ?? makeRows(entry.text);
  known.set(entry, rows);
  return rows;
}

/** All rows of the tree, of lines up to 256 KiB; undefined when the text holds no JSON object. */
export function parsedRows(text: string): readonly string[] | undefined {
  const start = text.indexOf('{');
  if (start < 0 || text.length > ZOOMED_UNITS || !text.trimEnd().endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    // Parsing brings back the characters that JSON had written as escapes.
    const [first = '', ...rest] = JSON.stringify(value, null, 2).split('\n').map(printable);
    return [text.slice(0, start) + first, ...rest];
  } catch {
    return undefined;
  }
}

function makeRows(text: string): readonly string[] {
  const rows = text.length > PARSED_UNITS ? undefined : parsedRows(text);
  if (!rows) return [text];
  const more = rows.length - MAX_ROWS;
  return more > 0 ? [...rows.slice(0, MAX_ROWS), `… ${more} more rows`] : rows;
}
