/** One tile of the wall as lines of its size: glyph, name and word, counts, the one worst thing in words, and a line over time. */
import type { Problem } from '../../protocol/problem.ts';
import { formatAge, formatBytes } from '../format/amounts.ts';
import { sparkline } from '../format/spark.ts';
import { cut, cutMiddle, pad, printable, textWidth } from '../format/width.ts';
import { elapsedSince, leftUntil } from '../model/live-fleet.ts';
import type { AppState } from '../model/state.ts';
import { STANDS_OUT_MS, type TileState, type WallScreen } from '../model/wall.ts';
import type { Tile } from '../model/wall-tiles.ts';
import { span } from './cells.ts';
import type { Span, StyleName } from './view.ts';
import { TILE_SIZES, type TileSize } from './wall-layout.ts';

export const TILE_GLYPHS: Readonly<Record<TileState, string>> = {
  problem: '!',
  nodata: '?',
  degraded: '~',
  muted: 'z',
  maintenance: '=',
  ok: 'o',
};

const STYLES: Readonly<Record<TileState, StyleName>> = {
  problem: 'problem',
  nodata: 'warning',
  degraded: 'pending',
  muted: 'dim',
  maintenance: 'dim',
  ok: 'dim',
};

/** The rows of one tile, top first; each is its spans for the tile's width. */
type Rows = readonly (readonly Span[])[];

const KINDS: Readonly<Record<string, string>> = {
  'restart-loop': 'restarting',
  oom: 'out of memory',
  'no-data': 'no answer',
};

/** `unhealthy 4m`, `exited 137 12s (3x)`. */
export function problemWords(state: AppState, problem: Problem): string {
  const status = /status (\d+)/.exec(problem.sentence)?.[1];
  const kind = problem.kind === 'exited' && status ? `exited ${status}` : problem.kind;
  const age = formatAge(elapsedSince(state.fleet, problem.sinceMs, state.nowMs));
  const times = problem.times > 1 ? ` (${problem.times}x)` : '';
  return `${KINDS[problem.kind] ?? kind} ${age}${times}`;
}

/** How long it will still be worked on. */
function leftWords({ fleet, nowMs }: AppState, { maintenance }: Tile): string {
  return maintenance ? formatAge(leftUntil(fleet, maintenance.untilMs, nowMs)) : '';
}

/** The state as words, with the age of the last data where there are none. */
function stateWords(state: AppState, tile: Tile): string {
  switch (tile.state) {
    case 'problem':
      return tile.isAcknowledged ? 'ACK' : 'PROBLEM';
    case 'nodata':
      return tile.ageMs === undefined ? 'NEVER SEEN' : `NO DATA ${formatAge(tile.ageMs)}`;
    case 'degraded':
      return 'DEGRADED';
    case 'muted':
      return 'MUTED';
    case 'maintenance':
      return `MAINT. ${leftWords(state, tile)}`;
    case 'ok':
      return '';
  }
}

function worstWords(state: AppState, tile: Tile, room: number): readonly string[] {
  if (tile.maintenance) return [`${tile.maintenance.by}: ${tile.maintenance.why}`];
  if (tile.state === 'nodata') {
    const [silent] = tile.environments.filter(({ connection }) => connection !== 'up');
    if (silent?.connection === 'connecting') return ['is being dialled…'];
    return [silent?.reason ?? 'says nothing any more'];
  }
  const words = tile.problems
    .filter(({ containerId }) => containerId !== null || tile.state !== 'problem')
    .map((problem) => {
      const words = problemWords(state, problem);
      const name = printable(problem.name);
      return `${cutMiddle(name, Math.max(4, room - textWidth(words) - 1))} ${words}`;
    });
  if (words.length === 0 && tile.bad > 0) return [`${tile.bad} bad`];
  if (words.length === 0 && tile.changing > 0) return [`${tile.changing} between states`];
  return words;
}

/** Whether what is known of it is no longer so. */
const isOld = (tile: Tile) => tile.state === 'nodata' || tile.isOld;

function numbers(tile: Tile): string {
  const last = isOld(tile) ? 'last ' : '';
  const counts = `${last}${tile.running}/${tile.total} up`;
  if (tile.cpuPercent === undefined || isOld(tile)) return counts;
  return `${counts}  cpu ${Math.round(tile.cpuPercent)}%`;
}

function line(tile: Tile, wall: WallScreen, width: number): string {
  if (isOld(tile)) return '';
  if (tile.points.length > 1) return sparkline(tile.points, width, Math.max(20, ...tile.points));
  const ups = wall.ups.get(tile.id) ?? [];
  return ups.length > 1 ? sparkline(ups, width, Math.max(1, tile.total)) : '';
}

interface Look {
  readonly head: StyleName;
  readonly text: StyleName;
  readonly quiet: StyleName;
}

function lookOf(state: AppState, wall: WallScreen, tile: Tile): Look {
  const noticed = wall.noticed.get(tile.id);
  const isNew = noticed !== undefined && state.nowMs - noticed.atMs < STANDS_OUT_MS;
  const standsOut = isNew && !state.settings.isStill;
  const loud = tile.state === 'problem' || tile.state === 'nodata';
  const inverse: StyleName = loud ? 'error' : 'selected';
  if (standsOut) return { head: inverse, text: inverse, quiet: inverse };
  const isQuiet = tile.state === 'problem' && tile.isAcknowledged;
  const head = isQuiet ? 'warning' : STYLES[tile.state];
  const text =
    tile.state === 'problem' && !isQuiet ? 'plain' : tile.state === 'nodata' ? 'nodata' : 'dim';
  return { head, text, quiet: tile.state === 'nodata' ? 'nodata' : 'dim' };
}

interface Seen {
  readonly state: AppState;
  readonly look: Look;
  readonly isSelected: boolean;
}

function headSpans(tile: Tile, { state, look, isSelected }: Seen, width: number): readonly Span[] {
  const words = stateWords(state, tile);
  const room = width - 2 - (words === '' ? 0 : textWidth(words) + 1);
  const name = cutMiddle(printable(tile.name), Math.max(4, room));
  const text = pad(cut(`${name}${words === '' ? '' : ` ${words}`}`, width - 2), width - 2);
  const isCalm = look.head === 'dim' && tile.state === 'ok';
  const style = isSelected ? 'selected' : isCalm ? 'plain' : look.head;
  return [
    span(`${TILE_GLYPHS[tile.state]} `, isSelected ? 'selected' : look.head),
    span(text, style),
  ];
}

/** The tile in its size. */
export function tileRows(state: AppState, wall: WallScreen, tile: Tile, size: TileSize): Rows {
  const { width: whole, height } = TILE_SIZES[size];
  const width = whole - 1;
  const look = lookOf(state, wall, tile);
  const isSelected = wall.selected === tile.id;
  const seen: Seen = { state, look, isSelected };
  if (size === 'S') return [[...smallSpans(tile, seen, width), span(' ')]];
  const row = (text: string, style: StyleName): readonly Span[] => [
    span(pad(`  ${cut(printable(text), width - 2)}`, width), style),
    span(' '),
  ];
  const worst = worstWords(state, tile, width - 2);
  const memory = tile.memoryBytes === undefined ? '' : `mem ${formatBytes(tile.memoryBytes)}`;
  const over = line(tile, wall, width - 2);
  const room = height - 3 - (size === 'M' ? 0 : 2);
  const texts = Array.from({ length: Math.max(1, room) }, (_, index) => worst[index] ?? '');
  const rows = [
    [...headSpans(tile, seen, width), span(' ')],
    row(numbers(tile), look.text),
    ...(size === 'M' ? [] : [row(memory, look.quiet)]),
    ...(size === 'M' && worst.length === 0
      ? []
      : texts.map((text) => row(text, textStyle(tile, look)))),
    ...(size === 'M' && worst.length > 0 ? [] : [row(over, look.quiet)]),
  ];
  return [...rows, [span(' '.repeat(whole))]].slice(0, height);
}

function textStyle(tile: Tile, look: Look): StyleName {
  const isIll = tile.state === 'problem' && !tile.isAcknowledged && look.head === 'problem';
  return isIll ? 'warning' : look.quiet;
}

function smallSpans(tile: Tile, { state, look, isSelected }: Seen, width: number): readonly Span[] {
  const left = leftWords(state, tile);
  const age = tile.ageMs === undefined ? '' : formatAge(tile.ageMs);
  const quiet = { degraded: '', muted: '', ok: '' };
  const word = { problem: `${tile.bad} bad`, nodata: age, maintenance: left, ...quiet };
  const words = word[tile.state];
  const room = width - 2 - (words === '' ? 0 : textWidth(words) + 1);
  const name = pad(cutMiddle(printable(tile.name), room), room);
  const text = words === '' ? name : `${name} ${words}`;
  const style = isSelected
    ? 'selected'
    : tile.state === 'ok' && look.head === 'dim'
      ? 'plain'
      : look.head;
  return [
    span(`${TILE_GLYPHS[tile.state]} `, isSelected ? 'selected' : look.head),
    span(pad(text, width - 2), style),
  ];
}
