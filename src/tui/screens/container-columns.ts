/** Which columns a table of containers has at a width; data never change it. */

export type ColumnId =
  | 'host'
  | 'name'
  | 'image'
  | 'state'
  | 'cpu'
  | 'memory'
  | 'restarts'
  | 'up'
  | 'ports'
  | 'project'
  | 'networks'
  | 'id';

export interface Column {
  readonly id: ColumnId;
  readonly head: string;
  readonly width: number;
}

interface Wish {
  readonly head: string;
  readonly least: number;
  readonly most: number;
}

/** Cursor, mark and glyph, and a space. */
export const PREFIX_WIDTH = 4;

const WISHES: Record<ColumnId, Wish> = {
  host: { head: 'HOST', least: 10, most: 18 },
  name: { head: 'NAME', least: 20, most: 60 },
  image: { head: 'IMAGE', least: 18, most: 44 },
  state: { head: 'STATE', least: 14, most: 14 },
  cpu: { head: 'CPU', least: 4, most: 4 },
  memory: { head: 'MEM', least: 4, most: 4 },
  restarts: { head: 'RST', least: 4, most: 4 },
  up: { head: 'UP', least: 4, most: 4 },
  ports: { head: 'PORTS', least: 14, most: 26 },
  project: { head: 'PROJECT', least: 12, most: 22 },
  networks: { head: 'NETWORKS', least: 12, most: 26 },
  id: { head: 'ID', least: 12, most: 12 },
};

/** As they stand from left to right. */
const PLACES: readonly ColumnId[] = [
  'host',
  'name',
  'image',
  'state',
  'cpu',
  'memory',
  'up',
  'restarts',
  'ports',
  'project',
  'networks',
  'id',
];
/** As they come in when there is room: the last one is the first to go. */
const ENTRY: readonly ColumnId[] = ['host', 'up', 'cpu', 'memory', 'restarts', 'ports', 'image'];
/** Wide columns bring the image first, whatever else must go for it. */
const WIDE_ENTRY: readonly ColumnId[] = [
  'host',
  'image',
  'up',
  'cpu',
  'memory',
  'restarts',
  'ports',
  'project',
  'id',
  'networks',
];
/** Who gets what is left over, and up to how much at first. */
const GROWTH: readonly (readonly [ColumnId, number])[] = [
  ['name', 28],
  ['image', 28],
  ['host', 14],
  ['ports', 20],
  ['name', 40],
  ['image', 44],
  ['host', 18],
  ['networks', 26],
  ['project', 22],
  ['ports', 26],
  ['name', 60],
];

/** The columns of a table `width` cells wide. `hasHost` is false when all rows are of one environment. */
export function columnsFor(
  width: number,
  options: { readonly hasHost: boolean; readonly isWide: boolean },
): readonly Column[] {
  const widths = new Map<ColumnId, number>([
    ['name', WISHES.name.least],
    ['state', WISHES.state.least],
  ]);
  let room = width - PREFIX_WIDTH - WISHES.name.least - WISHES.state.least - 2;
  for (const id of options.isWide ? WIDE_ENTRY : ENTRY) {
    if (id === 'host' && !options.hasHost) continue;
    if (room < WISHES[id].least + 1) break;
    widths.set(id, WISHES[id].least);
    room -= WISHES[id].least + 1;
  }
  if (room < 0) widths.set('name', Math.max(8, WISHES.name.least + room));
  for (const [id, most] of GROWTH) {
    const present = widths.get(id);
    if (present === undefined || room <= 0) continue;
    const more = Math.min(room, Math.max(0, most - present));
    widths.set(id, present + more);
    room -= more;
  }
  return PLACES.flatMap((id) => {
    const columnWidth = widths.get(id);
    return columnWidth === undefined ? [] : [{ id, head: WISHES[id].head, width: columnWidth }];
  });
}
