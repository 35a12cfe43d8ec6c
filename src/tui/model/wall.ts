/** The wall: what a person chose for it, and what it has noticed. What it shows is made from the fleet each time. */
import { EVERYTHING, type Filter, parseFilter } from './filter.ts';

/** `nodata` counts as neither well nor ill. */
export type TileState = 'problem' | 'nodata' | 'degraded' | 'muted' | 'maintenance' | 'ok';
export type WallGroup = 'environment' | 'tag' | 'stack';
export type WallOrder = 'worst' | 'name';

/** The state of a tile and since when, by this machine's clock; -Infinity for what it was when the wall was opened. */
export interface Noticed {
  readonly state: TileState;
  readonly atMs: number;
}

/** Time did not pass as it should: the wall stood still, or the clock of the machine was set. */
export interface TimeSlip {
  readonly kind: 'stood' | 'clock';
  /** How long it stood; by how much the clock went ahead. */
  readonly ms: number;
  readonly atMs: number;
}

export interface WallScreen {
  readonly kind: 'wall';
  readonly scopeText: string;
  readonly scope: Filter;
  readonly group: WallGroup;
  readonly order: WallOrder;
  /** Steps away from the tile size that fits best: 1 is one size larger. */
  readonly step: number;
  readonly problemsOnly: boolean;
  readonly pins: ReadonlySet<string>;
  readonly selected: string | undefined;
  readonly page: number;
  readonly turnedAtMs: number;
  readonly pageMs: number;
  readonly isSliding: boolean;
  readonly noticed: ReadonlyMap<string, Noticed>;
  /** Running containers of each tile, oldest first, for where nobody measures CPU. */
  readonly ups: ReadonlyMap<string, readonly number[]>;
  readonly upsAtMs: number;
  /** Of the last tick; undefined before the first one. */
  readonly beatAtMs: number | undefined;
  readonly slip: TimeSlip | undefined;
  /** When everything was last painted anew. */
  readonly repaintedAtMs: number;
}

export const PAGE_MS = 15_000;
/** For how long a tile that changed its state stands out. */
export const STANDS_OUT_MS = 5_000;
/** Older data of an environment that is said to be up are no data. */
export const NO_DATA_AFTER_MS = 30_000;

/** A wall as it is opened. */
export function freshWall(nowMs: number, rest: Partial<WallScreen> = {}): WallScreen {
  return {
    kind: 'wall',
    scopeText: '',
    scope: EVERYTHING,
    group: 'environment',
    order: 'worst',
    step: 0,
    problemsOnly: false,
    pins: new Set(),
    selected: undefined,
    page: 0,
    turnedAtMs: nowMs,
    pageMs: PAGE_MS,
    isSliding: true,
    noticed: new Map(),
    ups: new Map(),
    upsAtMs: Number.NEGATIVE_INFINITY,
    beatAtMs: undefined,
    slip: undefined,
    repaintedAtMs: nowMs,
    ...rest,
  };
}

/** The wall with another scope; an unfinished expression keeps the one before. */
export function scopeWall(wall: WallScreen, text: string): WallScreen {
  const parsed = parseFilter(text);
  const scope = parsed.kind === 'ok' ? parsed.filter : wall.scope;
  return { ...wall, scopeText: text, scope: text === '' ? EVERYTHING : scope, page: 0 };
}
