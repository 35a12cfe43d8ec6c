/** The lists of rows: which table each is, and its title. */
import { formatCount } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { markedProblems, type ProblemsScreen } from '../model/problem-list.ts';
import type { RowScreen } from '../model/row-screen.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { type Segment, spread } from './cells.ts';
import { foldedSegments, scopeWords } from './chrome.ts';
import { loadingWords } from './empty.ts';
import { eventSegments, eventTable, followSegment } from './events.ts';
import { historyOf, historySegments, historyTable } from './history.ts';
import { ownLogSegments, ownLogTable } from './own-log.ts';
import { problemSegments, problemTable } from './problems.ts';
import { tableLines } from './row-table.ts';
import type { Area, Line } from './view.ts';

/** The ids of all rows that a list shows, in its order. */
export function rowIds(state: AppState, screen: RowScreen): readonly string[] {
  return rowsOf(state, screen).map(({ id }) => id);
}

function rowsOf(state: AppState, screen: RowScreen): readonly { readonly id: string }[] {
  switch (screen.kind) {
    case 'problems':
      return problemTable(state, screen).rows;
    case 'events':
      return eventTable(state, screen).rows;
    case 'history':
      return historyTable(state, screen).rows;
    case 'own-log':
      return ownLogTable(state, screen).rows;
  }
}

/** The visible part of a list. */
export function rowScreenLines(state: AppState, screen: RowScreen, area: Area): readonly Line[] {
  switch (screen.kind) {
    case 'problems':
      return tableLines(problemTable(state, screen), area);
    case 'events':
      return tableLines(eventTable(state, screen), area);
    case 'history':
      return tableLines(historyTable(state, screen), area);
    case 'own-log':
      return tableLines(ownLogTable(state, screen), area);
  }
}

/** Name, filter, and at the right how much of how much. */
export function rowTitle(state: AppState, screen: RowScreen): Line {
  const filter = screen.filterText === '' ? '' : `/${printable(screen.filterText)}`;
  const left: Segment[] = [
    { text: nameOf(state, screen), style: 'title', keep: 9 },
    { text: filter, style: 'match', keep: 8 },
  ];
  const right: Segment[] = [...segmentsOf(state, screen), ...foldedSegments(state)];
  return { spans: spread(left, right, state.size.width) };
}

function nameOf(state: AppState, screen: RowScreen): string {
  if (screen.kind === 'own-log') return 'own log';
  if (screen.kind === 'history') return `history of ${historyOf(state, screen)}`;
  return `${screen.kind}${state.scope === undefined ? '' : ` of ${scopeWords(state)}`}`;
}

function segmentsOf(state: AppState, screen: RowScreen): readonly Segment[] {
  switch (screen.kind) {
    case 'problems':
      return [
        { text: screen.rangeFrom === undefined ? '' : 'range', style: 'accent', keep: 7 },
        { text: marksWords(state, screen), style: 'accent', keep: 7 },
        { text: loadingWords(state), style: 'pending', keep: 6 },
        { text: screen.lastingOnly ? '! lasting only' : '', style: 'problem', keep: 8 },
        ...problemSegments(state, screen),
      ];
    case 'events':
      return [{ text: sortWords(screen), style: 'dim', keep: 3 }, ...eventSegments(state, screen)];
    case 'history':
      return historySegments(state, screen);
    case 'own-log':
      return [...ownLogSegments(state, screen), followSegment(state, screen)];
  }
}

function marksWords(state: AppState, screen: ProblemsScreen): string {
  const count = markedProblems(shownFleet(state), screen).length;
  return count > 0 ? `${formatCount(count)} marked` : '';
}

const sortWords = ({
  sort,
  isReversed,
}: {
  readonly sort: string;
  readonly isReversed: boolean;
}) => (sort === 'age' && !isReversed ? '' : `by ${sort}${isReversed ? ' reversed' : ''}`);
