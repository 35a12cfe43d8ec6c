/** What the list of containers can be sorted by, and which of it is on the screen. */
import type { SortKey } from '../model/container-sort.ts';
import type { AppState } from '../model/state.ts';
import { type ColumnId, columnsFor } from './container-columns.ts';
import { hasHostColumn } from './containers.ts';
import { listLayout } from './pane-places.ts';

export interface SortColumn {
  readonly by: SortKey;
  readonly column: ColumnId;
  readonly label: string;
  readonly key: string;
}

export const SORTS: readonly SortColumn[] = [
  { by: 'host', column: 'host', label: 'environment', key: 'H' },
  { by: 'name', column: 'name', label: 'name', key: 'N' },
  { by: 'image', column: 'image', label: 'image', key: 'I' },
  { by: 'state', column: 'state', label: 'state, problems first', key: 'S' },
  { by: 'cpu', column: 'cpu', label: 'cpu, most first', key: 'C' },
  { by: 'memory', column: 'memory', label: 'memory, most first', key: 'M' },
  { by: 'age', column: 'up', label: 'time in the present state, youngest first', key: 'A' },
  { by: 'restarts', column: 'restarts', label: 'restarts seen, most first', key: 'R' },
];

/** The columns on the screen that can be sorted by, from left to right. */
export function sortsAcross(state: AppState): readonly SortColumn[] {
  const { isWide } = state.containers;
  const { body } = listLayout(state, 'containers');
  const columns = columnsFor(body.width, { hasHost: hasHostColumn(state), isWide });
  return columns.flatMap(({ id }) => SORTS.find(({ column }) => column === id) ?? []);
}
