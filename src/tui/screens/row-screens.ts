/** The lists of rows: which table each is, and its title. */
import { printable } from '../format/width.ts';
import type { RowScreen } from '../model/row-screen.ts';
import type { AppState } from '../model/state.ts';
import { type Segment, spread } from './cells.ts';
import { foldedSegments, scopeWords } from './chrome.ts';
import { loadingWords } from './empty.ts';
import { problemSegments, problemTable } from './problems.ts';
import { type RowTable, tableLines } from './row-table.ts';
import type { Area, Line } from './view.ts';

type AnyTable = Pick<RowTable<{ readonly id: string }>, 'rows'>;

function tableOf(state: AppState, screen: RowScreen) {
  return problemTable(state, screen);
}

/** The ids of all rows that a list shows, in its order. */
export function rowIds(state: AppState, screen: RowScreen): readonly string[] {
  const { rows }: AnyTable = tableOf(state, screen);
  return rows.map(({ id }) => id);
}

/** The visible part of a list. */
export function rowScreenLines(state: AppState, screen: RowScreen, area: Area): readonly Line[] {
  return tableLines(tableOf(state, screen), area);
}

/** Name, filter, and at the right how much of how much. */
export function rowTitle(state: AppState, screen: RowScreen): Line {
  const filter = screen.filterText === '' ? '' : `/${printable(screen.filterText)}`;
  const scope = state.scope === undefined ? '' : ` of ${scopeWords(state)}`;
  const left: Segment[] = [
    { text: `${screen.kind}${scope}`, style: 'title', keep: 9 },
    { text: filter, style: 'match', keep: 8 },
    { text: screen.lastingOnly ? '! lasting only' : '', style: 'problem', keep: 8 },
  ];
  const right: Segment[] = [
    { text: loadingWords(state), style: 'pending', keep: 6 },
    ...problemSegments(state, screen),
    ...foldedSegments(state),
  ];
  return { spans: spread(left, right, state.size.width) };
}
