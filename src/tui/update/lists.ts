/** Sorting and marking in the list of containers. */
import { rebuildList } from '../model/container-list.ts';
import type { SortKey } from '../model/container-sort.ts';
import { placeCursor } from '../model/list-cursor.ts';
import { type AppState, shownFleet } from '../model/state.ts';

/** The list sorted by a key at once; by the same key again, the other way round. */
export function sortBy(state: AppState, by: SortKey): AppState {
  const { sort } = state.containers;
  const isReversed = sort.by === by && !sort.isReversed;
  const list = { ...state.containers, sort: { by, isReversed } };
  return {
    ...state,
    containers: rebuildList(list, shownFleet(state), state.scope, state.nowMs),
  };
}

/** The mark of the selected row put or taken, and the cursor on the next row. */
export function markRow(state: AppState): AppState {
  const list = state.containers;
  const { selected } = list.cursor;
  if (selected === undefined) return state;
  const marks = new Set(list.marks);
  if (!marks.delete(selected)) marks.add(selected);
  const cursor = placeCursor(list.cursor, list.order, list.cursor.at + 1);
  return { ...state, containers: { ...list, marks, cursor, cursorMovedAtMs: state.nowMs } };
}

/** All rows of the list marked; when they all are, unmarked. Marks outside the list stay. */
export function markAll(state: AppState): AppState {
  const list = state.containers;
  const marks = new Set(list.marks);
  const areAll = list.order.every((key) => marks.has(key));
  for (const key of list.order) {
    if (areAll) marks.delete(key);
    else marks.add(key);
  }
  return { ...state, containers: { ...list, marks } };
}
