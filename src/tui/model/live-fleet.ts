/**
 * The fleet as the feed has told it so far. Containers lie in one map per environment, so that a change copies the
 * map of its own environment only; everything that was handed out before stays as it was.
 */
import type { FeedAccount } from '../../protocol/account.ts';
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { EnvironmentLoad } from '../../protocol/load.ts';
import { KEPT_LOADS } from '../../protocol/load-pace.ts';
import type { Maintenance } from '../../protocol/maintenance.ts';
import type { Problem } from '../../protocol/problem.ts';
import type { ClockOffset } from './clock-offset.ts';
import { type Figure, type Figures, OLD_FIGURE_MS } from './figures.ts';

export type EnvironmentContainers = ReadonlyMap<ContainerKey, Container>;

/** Counts over one environment's containers, kept as they change. */
export interface Tally {
  readonly total: number;
  readonly running: number;
  readonly problems: number;
}

export interface LiveFleet {
  readonly environments: ReadonlyMap<number, Environment>;
  readonly containers: ReadonlyMap<number, EnvironmentContainers>;
  readonly tallies: ReadonlyMap<number, Tally>;
  /** What each environment's containers used, oldest first, at most KEPT_LOADS; none where nobody measures. */
  readonly loads: ReadonlyMap<number, readonly EnvironmentLoad[]>;
  /** CPU and memory of containers, of those that somebody asked for. */
  readonly figures: Figures;
  /** By id: those that last, and those that ended lately. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** Who this console is at its server; undefined where nobody tells. */
  readonly account: FeedAccount | undefined;
  /** Of the last message; undefined before the first snapshot. */
  readonly sequence: number | undefined;
  /** Containers that are still to come, of a snapshot that has only begun. */
  readonly awaited: number;
  /** When the last message came, by this machine's clock; undefined before the first whole snapshot. */
  readonly heardAtMs: number | undefined;
  /** This machine's clock minus the sender's, as far as its messages tell. */
  readonly clockOffsetMs: number;
  /** What that was found by; undefined before the first snapshot. */
  readonly clockOffset: ClockOffset | undefined;
}

export const EMPTY_TALLY: Tally = { total: 0, running: 0, problems: 0 };

export const EMPTY_FLEET: LiveFleet = {
  environments: new Map(),
  containers: new Map(),
  tallies: new Map(),
  loads: new Map(),
  figures: new Map(),
  problems: new Map(),
  account: undefined,
  sequence: undefined,
  awaited: 0,
  heardAtMs: undefined,
  clockOffsetMs: 0,
  clockOffset: undefined,
};

/** The environment that a container's key names. */
export function environmentIdOf(key: ContainerKey): number {
  return Number(key.slice(0, key.indexOf('/')));
}

/** The id, unique within its environment, that a container's key names. */
export function containerIdOf(key: ContainerKey): string {
  return key.slice(key.indexOf('/') + 1);
}

/** The container of this key; undefined when it is gone. */
export function containerAt(fleet: LiveFleet, key: ContainerKey): Container | undefined {
  return fleet.containers.get(environmentIdOf(key))?.get(key);
}

/** The name people know an environment by; `#7` while the feed has not told it. */
export function environmentName(fleet: LiveFleet, id: number): string {
  return fleet.environments.get(id)?.name ?? `#${id}`;
}

const NO_TAGS: readonly string[] = [];

/** The tags of an environment. */
export function environmentTags(fleet: LiveFleet, id: number): readonly string[] {
  return fleet.environments.get(id)?.tags ?? NO_TAGS;
}

/** What an environment's data are worth: `live`, or `stale` while it does not answer. */
export function isStale(fleet: LiveFleet, environmentId: number): boolean {
  return fleet.environments.get(environmentId)?.connection === 'down';
}

/** Age in ms of what is known of an environment, by the sender's clock; undefined when it never answered. */
export function ageOf(fleet: LiveFleet, environment: Environment, nowMs: number) {
  if (environment.lastSeenAtMs === null) return undefined;
  return Math.max(0, nowMs - fleet.clockOffsetMs - environment.lastSeenAtMs);
}

/** Milliseconds since a moment told by the sender's clock, never negative. */
export function elapsedSince(fleet: LiveFleet, atMs: number, nowMs: number): number {
  return Math.max(0, nowMs - fleet.clockOffsetMs - atMs);
}

/** Milliseconds until a moment told by the sender's clock, never negative. */
export function leftUntil(fleet: LiveFleet, atMs: number, nowMs: number): number {
  return Math.max(0, atMs + fleet.clockOffsetMs - nowMs);
}

/** Who works on it now: over at its end by itself, also while nobody is heard who would say so. */
export function maintenanceNow(
  fleet: LiveFleet,
  { maintenance }: Environment,
  nowMs: number,
): Maintenance | undefined {
  return maintenance && leftUntil(fleet, maintenance.untilMs, nowMs) > 0 ? maintenance : undefined;
}

/** The history with one more load; one that is not newer than the last changes nothing. */
export function withLoad(
  history: readonly EnvironmentLoad[] | undefined,
  load: EnvironmentLoad,
): readonly EnvironmentLoad[] {
  const last = history?.at(-1);
  if (history === undefined || last === undefined) return [load];
  return load.atMs <= last.atMs ? history : [...history.slice(1 - KEPT_LOADS), load];
}

/** What a container uses; undefined when nobody knows, or nobody knows it by now. */
export function freshFigure(fleet: LiveFleet, key: ContainerKey, nowMs: number) {
  const figure: Figure | undefined = fleet.figures.get(key);
  if (!figure || elapsedSince(fleet, figure.atMs, nowMs) > OLD_FIGURE_MS) return undefined;
  return figure;
}

/** What an environment's containers use; undefined when it is not measured, or was not for a minute. */
export function freshLoad(fleet: LiveFleet, environmentId: number, nowMs: number) {
  const load = fleet.loads.get(environmentId)?.at(-1);
  if (!load || elapsedSince(fleet, load.atMs, nowMs) > OLD_LOAD_MS) return undefined;
  return load;
}

/** A slow or big engine is measured less often than every ten seconds. */
const OLD_LOAD_MS = 90_000;
