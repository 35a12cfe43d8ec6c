/** What the lists of rows have in common that are made anew from the state: a filter and a cursor of their own. */
import { EVERYTHING, type Filter, parseFilter } from './filter.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';

export interface RowList {
  readonly filterText: string;
  readonly filter: Filter;
  /** On the id of a row. */
  readonly cursor: Cursor<string>;
}

export const FRESH_ROWS: RowList = { filterText: '', filter: EVERYTHING, cursor: FRESH_CURSOR };

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withRowFilter<List extends RowList>(list: List, text: string): List {
  const parsed = parseFilter(text);
  return { ...list, filterText: text, filter: parsed.kind === 'ok' ? parsed.filter : list.filter };
}
