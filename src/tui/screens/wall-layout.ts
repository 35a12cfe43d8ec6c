/** How large the tiles of a wall are, and how many fit: the largest size at which all do, else the smallest, in pages. */
import type { Size } from './view.ts';

export type TileSize = 'S' | 'M' | 'L' | 'XL';

export const TILE_SIZES: Readonly<Record<TileSize, Size>> = {
  S: { width: 16, height: 1 },
  M: { width: 20, height: 4 },
  L: { width: 24, height: 6 },
  XL: { width: 40, height: 8 },
};

const FROM_SMALL: readonly TileSize[] = ['S', 'M', 'L', 'XL'];
/** More tiles than this are not shown in the largest size, however large the terminal. */
const MOST_XL = 12;

export interface TileGrid {
  readonly size: TileSize;
  readonly columns: number;
  readonly rows: number;
  readonly pages: number;
}

function gridOf(size: TileSize, area: Size, count: number): TileGrid {
  const tile = TILE_SIZES[size];
  const columns = Math.max(1, Math.floor(area.width / tile.width));
  const rows = Math.max(1, Math.floor(area.height / tile.height));
  return { size, columns, rows, pages: Math.max(1, Math.ceil(count / (columns * rows))) };
}

/** The grid for so many tiles in an area; `step` sizes larger or smaller than what fits best. */
export function tileGrid(area: Size, count: number, step = 0): TileGrid {
  const fits = (size: TileSize) =>
    TILE_SIZES[size].width <= area.width &&
    TILE_SIZES[size].height <= area.height &&
    gridOf(size, area, count).pages === 1 &&
    (size !== 'XL' || count <= MOST_XL);
  const best = Math.max(0, FROM_SMALL.findLastIndex(fits));
  const at = Math.max(0, Math.min(FROM_SMALL.length - 1, best + step));
  return gridOf(FROM_SMALL[at] ?? 'S', area, count);
}
