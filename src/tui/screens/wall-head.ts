/** The two head lines of the wall: what it shows, how late it is, whether the wall itself can be believed, and the counts. */
import { BEAT_INTERVAL_MS } from '../../protocol/feed-pace.ts';
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { ageOf } from '../model/live-fleet.ts';
import { type AppState, dayTime, shownFleet } from '../model/state.ts';
import { NO_DATA_AFTER_MS, type TileState, type WallScreen } from '../model/wall.ts';
import { isSilent, type Tile } from '../model/wall-tiles.ts';
import { type Segment, spread } from './cells.ts';
import type { Line, StyleName } from './view.ts';
import type { TileGrid } from './wall-layout.ts';

/** For how long it is said that time did not pass as it should. */
const SLIP_SHOWN_MS = 60_000;

/** `12:04:12Z` */
const utcClock = (atMs: number) => `${new Date(atMs).toISOString().slice(11, 19)}Z`;

const GROUP_NOUNS = { environment: 'environment', tag: 'tag', stack: 'stack' } as const;

/** The first line. A wall that stood still, or whose data are old, says so in reverse. */
export function clockLine(
  state: AppState,
  wall: WallScreen,
  tiles: readonly Tile[],
  { pages }: TileGrid,
): Line {
  const scope = wall.scopeText === '' ? 'ALL' : `/${printable(wall.scopeText)}`;
  const order = wall.order === 'worst' ? 'problems first' : 'by name';
  const page = pages > 1 ? `p ${wall.page + 1}/${pages}, ${order}` : order;
  const left: Segment[] = [
    { text: 'WALL', style: 'title', keep: 9 },
    { text: `${scope} ${formatThings(tiles.length, GROUP_NOUNS[wall.group])}`, keep: 6 },
    { text: wall.problemsOnly ? '! problems only' : '', style: 'problem', keep: 7 },
    { text: page, style: 'dim', keep: pages > 1 ? 6 : 2 },
    { text: wall.isSliding || pages === 1 ? '' : 'held', style: 'warning', keep: 5 },
  ];
  const right: Segment[] = [
    { ...slipSegment(state, wall), keep: 10 },
    { ...ageSegment(state, tiles), keep: 10 },
    { text: utcClock(dayTime(state)), style: 'bold', keep: 9 },
  ];
  return { spans: spread(left, right, state.size.width), fill: 'bar' };
}

function slipSegment(state: AppState, { slip }: WallScreen): Omit<Segment, 'keep'> {
  if (!slip || state.nowMs - slip.atMs > SLIP_SHOWN_MS) return { text: '' };
  const words =
    slip.kind === 'stood'
      ? ` WALL STOOD STILL ${formatAge(slip.ms)} until ${utcClock(dayTime(state, slip.atMs))} `
      : ` CLOCK WAS SET ${slip.ms > 0 ? 'AHEAD' : 'BACK'} ${formatAge(Math.abs(slip.ms))} `;
  return { text: words, style: 'error' };
}

function ageSegment(state: AppState, tiles: readonly Tile[]): Omit<Segment, 'keep'> {
  const { connection, fleet, nowMs } = state;
  const oldest = oldestAge(state, tiles);
  const age = oldest === undefined ? '' : `oldest data ${formatAge(oldest)}`;
  if (fleet.heardAtMs === undefined) return { text: 'connecting…', style: 'pending' };
  if (connection.kind === 'refused') return { text: ` REFUSED, ${age} `, style: 'error' };
  const silentMs = nowMs - fleet.heardAtMs;
  const isQuiet = silentMs > 3 * BEAT_INTERVAL_MS;
  if (connection.kind === 'lost' || isQuiet) {
    const words = connection.kind === 'lost' ? 'CONNECTION LOST' : 'FEED STALLED';
    return { text: ` ${words}, data ${formatAge(silentMs)} old `, style: 'error' };
  }
  if (oldest !== undefined && oldest > NO_DATA_AFTER_MS)
    return { text: ` ${age} `, style: 'error' };
  return { text: age, style: 'dim' };
}

/** Of the environments that are said to be up: what the others said last is told on their tiles. */
function oldestAge(state: AppState, tiles: readonly Tile[]): number | undefined {
  const fleet = shownFleet(state);
  let oldest: number | undefined;
  for (const { environments } of tiles) {
    for (const environment of environments) {
      if (environment.connection !== 'up') continue;
      const age = ageOf(fleet, environment, state.nowMs);
      if (age !== undefined) oldest = Math.max(oldest ?? 0, age);
    }
  }
  return oldest;
}

const STATES: readonly (readonly [TileState, string, StyleName])[] = [
  ['problem', 'PROBLEM', 'problem'],
  ['nodata', 'NO DATA', 'warning'],
  ['degraded', 'DEGRADED', 'pending'],
  ['muted', 'MUTED', 'dim'],
  ['maintenance', 'MAINTENANCE', 'dim'],
  ['ok', 'OK', 'plain'],
];

/** The second line: tiles by state, and containers; those of silent environments count as unknown. */
export function countsLine(state: AppState, tiles: readonly Tile[]): Line {
  const left = STATES.map(([name, words, style]): Segment => {
    const count = tiles.filter((tile) => tile.state === name).length;
    const isShown = count > 0 || name === 'ok';
    return { text: isShown ? `${formatCount(count)} ${words}` : '', style, keep: 9 };
  });
  const right: Segment[] = [{ text: containerWords(state, tiles), style: 'dim', keep: 3 }];
  return { spans: spread(left, right, state.size.width) };
}

function containerWords(state: AppState, tiles: readonly Tile[]): string {
  const fleet = shownFleet(state);
  const isKnown = ({ environments }: Tile) =>
    environments.some((one) => !isSilent(fleet, one, state.nowMs));
  const counts = { total: 0, running: 0, bad: 0, changing: 0, unknown: 0 };
  for (const tile of tiles) {
    counts.total += tile.total;
    if (!isKnown(tile)) counts.unknown += tile.total;
    else {
      counts.running += tile.running;
      counts.bad += tile.bad;
      counts.changing += tile.changing;
    }
  }
  const parts = [
    `${formatCount(counts.running)} up`,
    counts.bad > 0 ? `${formatCount(counts.bad)} bad` : '',
    counts.changing > 0 ? `${formatCount(counts.changing)} changing` : '',
    counts.unknown > 0 ? `${formatCount(counts.unknown)} unknown` : '',
  ];
  return `${formatCount(counts.total)} ctr: ${parts.filter((part) => part !== '').join(', ')}`;
}
