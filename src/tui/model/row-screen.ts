/** What the lists of rows have in common that are made anew from the state: a filter and a cursor of their own. */
import { EVERYTHING, type Filter, parseFilter } from './filter.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';
import type { ProblemsScreen } from './problem-list.ts';
import type { Screen } from './screen.ts';

export interface RowList {
  readonly filterText: string;
  readonly filter: Filter;
  /** On the id of a row. */
  readonly cursor: Cursor<string>;
}

export type RowScreen = ProblemsScreen;

export const FRESH_ROWS: RowList = { filterText: '', filter: EVERYTHING, cursor: FRESH_CURSOR };

const KINDS: ReadonlySet<Screen['kind']> = new Set<RowScreen['kind']>(['problems']);

/** Whether a screen is such a list. */
export function isRowScreen(screen: Screen): screen is RowScreen {
  return KINDS.has(screen.kind);
}

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withRowFilter<List extends RowList>(list: List, text: string): List {
  const parsed = parseFilter(text);
  return { ...list, filterText: text, filter: parsed.kind === 'ok' ? parsed.filter : list.filter };
}
