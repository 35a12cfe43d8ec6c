/** The wall: one tile for each environment, tag or stack, with everything that says whether it can be believed. */
import { type AppState, shownFleet } from '../model/state.ts';
import type { WallScreen } from '../model/wall.ts';
import { type Tile, tilesOf } from '../model/wall-tiles.ts';
import { plainLine } from './cells.ts';
import { emptyLines } from './empty.ts';
import type { Area, Block, Line, Size, Span } from './view.ts';
import { clockLine, countsLine } from './wall-head.ts';
import { TILE_SIZES, type TileGrid, tileGrid } from './wall-layout.ts';
import { sideLines, stripLines } from './wall-side.ts';
import { tileRows } from './wall-tile.ts';

export interface WallAreas {
  readonly clock: Area;
  readonly counts: Area | undefined;
  readonly tiles: Area;
  readonly side: Area | undefined;
  readonly strip: Area | undefined;
}

const SIDE_FROM = { width: 120, height: 24 };
const STRIP_ROWS = 4;

/** Where everything of the wall stands; the rows that the message and the hints take at the bottom are left free. */
export function wallAreas({ width, height }: Size): WallAreas {
  const row = (top: number): Area => ({ top, left: 0, width, height: 1 });
  const hasCounts = height >= 12;
  const top = hasCounts ? 2 : 1;
  const foot = height >= 14 ? 2 : 1;
  const hasSide = width >= SIDE_FROM.width && height >= SIDE_FROM.height;
  const hasStrip = !hasSide && height >= 20;
  const rest = height - top - foot;
  const sideWidth = hasSide ? (width >= 180 ? 52 : 38) : 0;
  const body = rest - (hasStrip ? STRIP_ROWS : 0);
  return {
    clock: row(0),
    counts: hasCounts ? row(1) : undefined,
    tiles: { top, left: 0, width: width - sideWidth, height: body },
    side: hasSide ? { top, left: width - sideWidth, width: sideWidth, height: rest } : undefined,
    strip: hasStrip ? { top: top + body, left: 0, width, height: STRIP_ROWS } : undefined,
  };
}

/** The tiles of the wall now, and the grid that they stand in. */
export function wallNow(
  state: AppState,
  wall: WallScreen,
): { tiles: readonly Tile[]; grid: TileGrid } {
  const tiles = tilesOf(shownFleet(state), wall, state.nowMs);
  const grid = tileGrid(wallAreas(state.size).tiles, tiles.length, wall.step);
  return { tiles, grid };
}

/** The number of the tile at a place of the screen; undefined where there is none. */
export function tileAt(
  state: AppState,
  wall: WallScreen,
  place: { readonly top: number; readonly left: number },
): number | undefined {
  const { tiles, grid } = wallNow(state, wall);
  const { top, left } = wallAreas(state.size).tiles;
  const { width, height } = TILE_SIZES[grid.size];
  const row = Math.floor((place.top - top) / height);
  const column = Math.floor((place.left - left) / width);
  if (row < 0 || row >= grid.rows || column < 0 || column >= grid.columns) return undefined;
  const page = Math.min(wall.page, grid.pages - 1);
  const index = (page * grid.rows + row) * grid.columns + column;
  return index < tiles.length ? index : undefined;
}

/** The blocks of the wall, without the lines at the bottom that every screen has. */
export function wallBlocks(state: AppState, wall: WallScreen): readonly Block[] {
  const areas = wallAreas(state.size);
  const { tiles, grid } = wallNow(state, wall);
  const { clock, counts, side, strip } = areas;
  return [
    { id: 'wall-clock', area: clock, lines: [clockLine(state, wall, tiles, grid)] },
    ...(counts ? [{ id: 'wall-counts', area: counts, lines: [countsLine(state, tiles)] }] : []),
    { id: 'wall-tiles', area: areas.tiles, lines: tileLines(state, wall, tiles, grid) },
    ...(side ? [{ id: 'wall-side', area: side, lines: sideLines(state, tiles, side) }] : []),
    ...(strip ? [{ id: 'wall-strip', area: strip, lines: stripLines(state, tiles, strip) }] : []),
  ];
}

function tileLines(
  state: AppState,
  wall: WallScreen,
  tiles: readonly Tile[],
  grid: TileGrid,
): readonly Line[] {
  if (tiles.length === 0) {
    if (wall.problemsOnly && state.fleet.heardAtMs !== undefined)
      return [
        plainLine(''),
        plainLine('   No problems', 'plain'),
        plainLine('   ! shows every tile', 'dim'),
      ];
    const { problemsOnly, scopeText: filterText } = wall;
    return emptyLines(state, { noun: 'environments', filterText, problemsOnly });
  }
  const page = Math.min(wall.page, grid.pages - 1);
  const perPage = grid.columns * grid.rows;
  const shown = tiles.slice(page * perPage, (page + 1) * perPage);
  const lines: Line[] = [];
  for (let first = 0; first < shown.length; first += grid.columns) {
    const row = shown
      .slice(first, first + grid.columns)
      .map((tile) => tileRows(state, wall, tile, grid.size));
    for (let at = 0; at < TILE_SIZES[grid.size].height; at++) {
      const spans: Span[] = row.flatMap((rows) => rows[at] ?? []);
      lines.push({ spans });
    }
  }
  return lines;
}
