/**
 * The cursor of a list: which row is selected, by its id, and which row is the first one shown.
 * `at` is only where the id was last found, so that nothing need be searched and a vanished row leaves its place.
 */

export interface Cursor<Id> {
  readonly selected: Id | undefined;
  readonly at: number;
  readonly top: number;
  /** False until the person moves it: until then it stays on the first row, whatever arrives above. */
  readonly isPlaced: boolean;
}

export const FRESH_CURSOR = { selected: undefined, at: 0, top: 0, isPlaced: false } as const;

/** The cursor on the row of this number, clamped to the list. */
export function placeCursor<Id>(
  cursor: Cursor<Id>,
  order: readonly Id[],
  index: number,
): Cursor<Id> {
  const at = Math.max(0, Math.min(order.length - 1, index));
  return { ...cursor, at, selected: order[at], isPlaced: true };
}

/**
 * The cursor made to fit a list and a window of `height` rows: it follows its row when that moved, takes the place of
 * one that is gone, and scrolls only as far as it must. Returns the same object when nothing changes.
 */
export function settleCursor<Id>(
  cursor: Cursor<Id>,
  order: readonly Id[],
  height: number,
): Cursor<Id> {
  const at = cursor.isPlaced ? rowOf(cursor, order) : 0;
  const shifted = cursor.isPlaced ? cursor.top + at - cursor.at : 0;
  const wanted = order[at] === cursor.selected ? shifted : cursor.top;
  const lowest = Math.max(0, order.length - height);
  const top = Math.max(0, Math.min(lowest, Math.min(at, Math.max(wanted, at - height + 1))));
  const selected = order[at];
  if (cursor.at === at && cursor.top === top && cursor.selected === selected) return cursor;
  return { ...cursor, at, top, selected };
}

function rowOf<Id>(cursor: Cursor<Id>, order: readonly Id[]): number {
  if (cursor.selected !== undefined && order[cursor.at] === cursor.selected) return cursor.at;
  const found = cursor.selected === undefined ? -1 : order.indexOf(cursor.selected);
  return found >= 0 ? found : Math.max(0, Math.min(cursor.at, order.length - 1));
}
