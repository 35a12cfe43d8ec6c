/** Sorting, grouping and marking in the list of containers. */
import { rangeKeys, rebuildList } from '../model/container-list.ts';
import type { Sort, SortKey } from '../model/container-sort.ts';
import { placeCursor } from '../model/list-cursor.ts';
import {
  GROUPINGS,
  type GroupId,
  type Grouping,
  groupOf,
  isGroup,
  keyOfRow,
} from '../model/list-groups.ts';
import { containerAt } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { sortsAcross } from '../screens/sorts.ts';

/** The list sorted by a key at once; by the same key again, the other way round. */
export function sortBy(state: AppState, by: SortKey): AppState {
  const { sort } = state.containers;
  return sorted(state, { ...sort, by, isReversed: sort.by === by && !sort.isReversed });
}

/** The list sorted by the column beside the present one, of those that are on the screen. */
export function sortByNeighbour(state: AppState, step: 1 | -1): AppState {
  const sorts = sortsAcross(state);
  const { sort } = state.containers;
  const at = sorts.findIndex(({ by }) => by === sort.by);
  const next = at < 0 ? sorts.at(step > 0 ? 0 : -1) : sorts[at + step];
  return next ? sorted(state, { ...sort, by: next.by, isReversed: false }) : state;
}

function sorted(state: AppState, sort: Sort): AppState {
  const list = { ...state.containers, sort };
  return {
    ...state,
    containers: rebuildList(list, shownFleet(state), state.scope, state.nowMs),
  };
}

/** The list in groups, or in the next kind of groups. */
export function groupList(state: AppState, wanted: Grouping | undefined): AppState {
  const { sort } = state.containers;
  const next = GROUPINGS[(GROUPINGS.indexOf(sort.groupBy) + 1) % GROUPINGS.length] ?? 'none';
  const unfolded = { ...state, containers: { ...state.containers, folded: new Set<GroupId>() } };
  return sorted(unfolded, { ...sort, groupBy: wanted ?? next });
}

/** The group of the row under the cursor. */
function groupUnderCursor(state: AppState): GroupId | undefined {
  const { cursor, sort } = state.containers;
  if (isGroup(cursor.selected)) return cursor.selected;
  const key = keyOfRow(cursor.selected);
  const container = key && containerAt(shownFleet(state), key);
  if (!container || sort.groupBy === 'none') return undefined;
  return groupOf(container, sort.groupBy);
}

/** The cursor on the row of its group. */
export function goToGroup(state: AppState): AppState {
  const list = state.containers;
  const group = groupUnderCursor(state);
  const at = group === undefined ? -1 : list.rows.indexOf(group);
  if (at < 0) return state;
  const cursor = placeCursor(list.cursor, list.rows, at);
  return { ...state, containers: { ...list, cursor, cursorMovedAtMs: state.nowMs } };
}

/** The group under the cursor folded or unfolded, with the cursor on its own row. */
export function foldGroup(state: AppState): AppState {
  const group = groupUnderCursor(state);
  if (group === undefined) return state;
  const there = goToGroup(state);
  const folded = new Set(there.containers.folded);
  if (!folded.delete(group)) folded.add(group);
  return { ...there, containers: { ...there.containers, folded } };
}

/** The mark of the selected row put or taken, and the cursor on the next row; of a group, those of all its members. */
export function markRow(state: AppState): AppState {
  const list = state.containers;
  const { selected } = list.cursor;
  if (list.rangeFrom !== undefined) return endRange(state);
  if (selected === undefined) return state;
  const group = isGroup(selected) ? list.groups.get(selected) : undefined;
  const key = keyOfRow(selected);
  const keys = group ? list.order.slice(group.from, group.from + group.count) : key ? [key] : [];
  const marks = new Set(list.marks);
  const areAll = keys.every((one) => marks.has(one));
  for (const one of keys) {
    if (areAll) marks.delete(one);
    else marks.add(one);
  }
  const cursor = placeCursor(list.cursor, list.rows, list.cursor.at + 1);
  return { ...state, containers: { ...list, marks, cursor, cursorMovedAtMs: state.nowMs } };
}

/** A range begins at the cursor; one that was begun ends there, and all in it are marked. */
export function markRange(state: AppState): AppState {
  const list = state.containers;
  if (list.rangeFrom !== undefined) return endRange(state);
  return { ...state, containers: { ...list, rangeFrom: list.cursor.selected } };
}

function endRange(state: AppState): AppState {
  const list = state.containers;
  const marks = new Set([...list.marks, ...rangeKeys(list)]);
  return { ...state, containers: { ...list, marks, rangeFrom: undefined } };
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
