/** Searching a log: while typing, the view goes to the nearest match above the end of the window; n and N go on from it. */
import { shownLines } from '../model/log-lens.ts';
import { type LogsScreen, NOTHING_CLEARED, nextMatch, searchLog } from '../model/log-view.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstPlace, lineAfterRows, movePlace } from '../screens/log-window.ts';
import type { Area } from '../screens/view.ts';
import { goToTreeMatch } from './inspect-view.ts';
import { replaceTop } from './stack.ts';
import { pausedAt } from './switches.ts';

/** The state with a log searched for a text; an empty text ends the search. */
export function searchWhileTyping(state: AppState, screen: LogsScreen, text: string): AppState {
  const search = searchLog(screen.log, text);
  if (!search) return replaceTop(state, { ...screen, search: undefined, lens: 'all' });
  const bottom = lastShown(screen, currentLayout(state).body);
  const match = search.matches.findLast((line) => line <= bottom) ?? search.matches[0];
  const found = { ...screen, focus: undefined, search: { ...search, current: match } };
  return replaceTop(state, match === undefined ? found : withLineShown(state, found, match));
}

/** The state with only those lines of the log on top shown that match; an empty text shows all again. */
export function filterLog(state: AppState, text: string): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'logs') return state;
  const lens = text.trim() === '' ? 'all' : 'matches';
  return searchWhileTyping(state, { ...screen, lens }, text);
}

/** The state with the view at the next or previous match. */
export function goToMatch(state: AppState, by: 1 | -1): AppState {
  const screen = topScreen(state);
  if (screen.kind === 'inspect') return goToTreeMatch(state, screen, by);
  if (screen.kind !== 'logs' || !screen.search) return state;
  const from =
    screen.focus ?? screen.search.current ?? lastShown(screen, currentLayout(state).body);
  const match = nextMatch(screen.search, from, by);
  if (match === undefined) return state;
  const search = { ...screen.search, current: match };
  const found = { ...screen, focus: undefined, search };
  return replaceTop(state, withLineShown(state, found, match));
}

function lastShown(screen: LogsScreen, area: Area): number {
  return lineAfterRows(screen, firstPlace(screen, area).line, area);
}

/** The view with a line in its upper third, unless it can be seen already. */
export function withLineShown(state: AppState, screen: LogsScreen, line: number): LogsScreen {
  const area = currentLayout(state).body;
  const isCleared = line < screen.clearedTo;
  const paused = pausedAt(state, isCleared ? { ...screen, clearedTo: NOTHING_CLEARED } : screen);
  const start = firstPlace(paused, area);
  const shown = shownLines(paused);
  const at = shown.indexFrom(line);
  const isAbove = at < shown.indexFrom(start.line);
  if (!isAbove && at <= shown.indexFrom(lineAfterRows(paused, start.line, area))) return paused;
  const above = Math.floor(area.height / 3);
  return { ...paused, top: movePlace(paused, { line, row: 0 }, -above, area) };
}
