/** The wall: opening it, what its keys do, and what it does by itself as the feed tells and time passes. */

import { withEnvironmentFilter } from '../model/environment-list.ts';
import type { Movement } from '../model/event.ts';
import { FRESH_CURSOR } from '../model/list-cursor.ts';
import { type AppState, type Step, shownFleet, stay, topScreen } from '../model/state.ts';
import { freshWall, type Noticed, PAGE_MS, scopeWall, type WallScreen } from '../model/wall.ts';
import type { WallDeed } from '../model/wall-event.ts';
import { type Tile, tilesOf } from '../model/wall-tiles.ts';
import { wallNow } from '../screens/wall.ts';
import { applyText } from './prompt.ts';
import { relisted } from './relist.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';

const STOOD_FROM_MS = 5_000;
const CLOCK_OFF_FROM_MS = 2_000;
const REPAINT_MS = 5 * 60_000;
const UPS_EVERY_MS = 10_000;
const MOST_UPS = 60;

/** The state with the wall on top; with the wall left, when it is there already. */
export function openWall(state: AppState): AppState {
  if (topScreen(state).kind === 'wall') return { ...state, screens: state.screens.slice(0, -1) };
  return watchWall(openScreen(state, freshWall(state.nowMs)));
}

/** The state with what the wall notices of the fleet as it is now: which tiles changed their state. */
export function watchWall(state: AppState): AppState {
  const wall = state.screens.find((screen) => screen.kind === 'wall');
  if (!wall || state.fleet.sequence === undefined) return state;
  const tiles = tilesOf(shownFleet(state), { ...wall, problemsOnly: false }, state.nowMs);
  const noticed = noticedNow(wall, tiles, state.nowMs);
  return noticed === wall.noticed ? state : replaceScreen(state, wall, { ...wall, noticed });
}

function noticedNow(wall: WallScreen, tiles: readonly Tile[], nowMs: number) {
  const before = wall.noticed;
  const isSame =
    before.size === tiles.length && tiles.every(({ id, state }) => before.get(id)?.state === state);
  if (isSame) return before;
  const isFirst = before.size === 0;
  return new Map(
    tiles.map(({ id, state }): [string, Noticed] => {
      const known = before.get(id);
      if (known?.state === state) return [id, known];
      return [id, { state, atMs: isFirst ? Number.NEGATIVE_INFINITY : nowMs }];
    }),
  );
}

/** The step of the passing of time on the wall; `aheadMs` is by how much the clock of the day was put forward since the last tick. */
export function passWall(before: AppState, aheadMs: number | undefined): Step {
  const state = watchWall(before);
  const wall = state.screens.find((screen) => screen.kind === 'wall');
  if (!wall) return stay(state);
  const isOnTop = topScreen(state) === wall;
  const isDue = isOnTop && state.nowMs - wall.repaintedAtMs >= REPAINT_MS;
  const measured = withUps(state, wall);
  const turned = turnedPage(
    state,
    aheadMs === undefined ? measured : withBeat(measured, state.nowMs, aheadMs),
  );
  const next = isDue ? { ...turned, repaintedAtMs: state.nowMs } : turned;
  return {
    state: replaceScreen(state, wall, next),
    effects: isDue ? [{ kind: 'redraw' }] : [],
  };
}

function withBeat(wall: WallScreen, atMs: number, aheadMs: number): WallScreen {
  const next = { ...wall, beatAtMs: atMs };
  const stoodMs = atMs - (wall.beatAtMs ?? atMs);
  if (stoodMs >= STOOD_FROM_MS) return { ...next, slip: { kind: 'stood', ms: stoodMs, atMs } };
  if (Math.abs(aheadMs) < CLOCK_OFF_FROM_MS) return next;
  return { ...next, slip: { kind: 'clock', ms: aheadMs, atMs } };
}

function withUps(state: AppState, wall: WallScreen): WallScreen {
  if (state.nowMs - wall.upsAtMs < UPS_EVERY_MS) return wall;
  const tiles = tilesOf(shownFleet(state), { ...wall, problemsOnly: false }, state.nowMs);
  const ups = new Map(
    tiles.map(({ id, running }) => [id, [...(wall.ups.get(id) ?? []), running].slice(-MOST_UPS)]),
  );
  return { ...wall, ups, upsAtMs: state.nowMs };
}

function turnedPage(state: AppState, wall: WallScreen): WallScreen {
  const { pages } = wallNow(state, wall).grid;
  if (wall.page >= pages) return { ...wall, page: 0, turnedAtMs: state.nowMs };
  if (!wall.isSliding || pages === 1 || state.nowMs - wall.turnedAtMs < wall.pageMs) return wall;
  return { ...wall, page: (wall.page + 1) % pages, turnedAtMs: state.nowMs };
}

/** The wall with the tile of this number selected and its page shown; whoever looks around is not carried away. */
function select(wall: WallScreen, now: ReturnType<typeof wallNow>, index: number): WallScreen {
  const at = Math.max(0, Math.min(now.tiles.length - 1, index));
  const page = Math.floor(at / (now.grid.columns * now.grid.rows));
  return { ...wall, selected: now.tiles[at]?.id, page, isSliding: false };
}

/** The wall with one of its tiles selected. */
export function selectTile(state: AppState, wall: WallScreen, index: number): WallScreen {
  return select(wall, wallNow(state, wall), index);
}

/** The wall after a movement over its tiles. */
export function moveWall(state: AppState, wall: WallScreen, to: Movement): WallScreen {
  const now = wallNow(state, wall);
  const { columns, rows } = now.grid;
  const at = now.tiles.findIndex(({ id }) => id === wall.selected);
  if (at < 0) return select(wall, now, wall.page * columns * rows);
  const steps: Readonly<Record<Movement, number>> = {
    left: -1,
    right: 1,
    up: -columns,
    down: columns,
    'half-up': -columns * Math.ceil(rows / 2),
    'half-down': columns * Math.ceil(rows / 2),
    'page-up': -columns * rows,
    'page-down': columns * rows,
    first: -at,
    last: now.tiles.length,
  };
  return select(wall, now, at + steps[to]);
}

/** The wall with the next or previous tile selected that has a problem or no data. */
export function nextProblem(state: AppState, wall: WallScreen, by: 1 | -1): WallScreen {
  const now = wallNow(state, wall);
  const isIll = ({ state: its }: Tile) => its === 'problem' || its === 'nodata';
  const ill = now.tiles.flatMap((tile, index) => (isIll(tile) ? [index] : []));
  const at = now.tiles.findIndex(({ id }) => id === wall.selected);
  const next =
    by === 1
      ? (ill.find((index) => index > at) ?? ill[0])
      : (ill.findLast((index) => index < at) ?? ill.at(-1));
  return next === undefined ? wall : select(wall, now, next);
}

const NEXT_GROUP = { environment: 'tag', tag: 'stack', stack: 'environment' } as const;

/** The step of what a key of the wall asks for. */
export function onWallDeed(state: AppState, { what }: { readonly what: WallDeed }): Step {
  const wall = topScreen(state);
  if (wall.kind !== 'wall') return stay(state);
  if (what === 'open') return stay(openTile(state, wall));
  const next = { ...wall, ...changed(state, wall, what) };
  return stay(watchWall(replaceTop(state, next)));
}

function changed(
  state: AppState,
  wall: WallScreen,
  what: Exclude<WallDeed, 'open'>,
): Partial<WallScreen> {
  switch (what) {
    case 'order':
      return { order: wall.order === 'worst' ? 'name' : 'worst', page: 0 };
    case 'group':
      return {
        group: NEXT_GROUP[wall.group],
        page: 0,
        selected: undefined,
        noticed: new Map(),
        ups: new Map(),
      };
    case 'larger':
      return { step: Math.min(3, wall.step + 1), page: 0 };
    case 'smaller':
      return { step: Math.max(-3, wall.step - 1), page: 0 };
    case 'slides':
      return { isSliding: !wall.isSliding, turnedAtMs: state.nowMs };
    case 'pin': {
      const pins = new Set(wall.pins);
      if (wall.selected !== undefined && !pins.delete(wall.selected)) pins.add(wall.selected);
      return { pins };
    }
  }
}

/** The containers of the selected tile, with the wall below them. */
function openTile(state: AppState, wall: WallScreen): AppState {
  const tile = wallNow(state, wall).tiles.find(({ id }) => id === wall.selected);
  const [environment] = tile?.environments ?? [];
  if (!tile || !environment) return state;
  const isOne = wall.group === 'environment';
  const cleared = withoutFilters(state);
  const opened = relisted({
    ...openScreen(cleared, { kind: 'containers' }),
    scope: isOne ? environment.id : undefined,
  });
  if (isOne) return opened;
  const text =
    wall.group === 'tag' ? `tag:"${tile.name}"` : `-l com.docker.compose.project=${tile.name}`;
  return applyText(opened, text);
}

function withoutFilters(state: AppState): AppState {
  const list = { ...state.containers, cursor: FRESH_CURSOR };
  const environments = withEnvironmentFilter(state.environments, '');
  return { ...state, containers: list, environments };
}

/** A console that shows nothing but the wall, with the list of containers below it. */
export function wallAlone(state: AppState, scopeText: string, pageMs = PAGE_MS): AppState {
  const wall = scopeWall(freshWall(state.nowMs, { pageMs }), scopeText);
  return { ...state, screens: [{ kind: 'containers' }, wall] };
}
