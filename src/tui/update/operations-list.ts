/** Opening, folding and moving in the list of operations. */
import { placeCursor, settleCursor } from '../model/list-cursor.ts';
import { FRESH_OPERATIONS, type OperationsScreen, operationRows } from '../model/operation-list.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { openScreen, replaceTop } from './stack.ts';

/** The list of operations on top, the newest job first. */
export function openOperations(state: AppState): AppState {
  return topScreen(state).kind === 'operations' ? state : openScreen(state, FRESH_OPERATIONS);
}

/** The cursor moved by so many rows. */
export function moveOperations(state: AppState, screen: OperationsScreen, by: number): AppState {
  const ids = operationRows(state.jobs, screen).map(({ id }) => id);
  const cursor = placeCursor(screen.cursor, ids, screen.cursor.at + by);
  return replaceTop(state, { ...screen, cursor });
}

/** The job under the cursor folded or unfolded, with the cursor on its own row. */
export function foldJob(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'operations') return state;
  const rows = operationRows(state.jobs, screen);
  const job = rows.find(({ id }) => id === screen.cursor.selected)?.job;
  if (!job) return state;
  const folded = new Set(screen.folded);
  if (!folded.delete(job.id)) folded.add(job.id);
  const next = { ...screen, folded };
  const ids = operationRows(state.jobs, next).map(({ id }) => id);
  const cursor = placeCursor(screen.cursor, ids, ids.indexOf(`job-${job.id}`));
  return replaceTop(state, { ...next, cursor });
}

/** The state with its cursor on a row that is there, in a window of so many rows. */
export function settleOperations(state: AppState, height: number): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'operations') return state;
  const ids = operationRows(state.jobs, screen).map(({ id }) => id);
  const cursor = settleCursor(screen.cursor, ids, height);
  return cursor === screen.cursor ? state : replaceTop(state, { ...screen, cursor });
}
