/** The tiles of the wall, made from the fleet: one for each environment, tag or stack, with the one worst thing in each. */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Maintenance } from '../../protocol/maintenance.ts';
import type { Problem } from '../../protocol/problem.ts';
import { conditionOf, projectOf } from './condition.ts';
import { naturalKey } from './container-sort.ts';
import { environmentPasses } from './environment-list.ts';
import { ageOf, type LiveFleet, maintenanceNow } from './live-fleet.ts';
import { byUrgency, isMuted, openProblems } from './open-problems.ts';
import { NO_DATA_AFTER_MS, type TileState, type WallScreen } from './wall.ts';

interface Count {
  readonly total: number;
  readonly running: number;
  readonly bad: number;
  readonly changing: number;
}

export interface Tile extends Count {
  /** `environment 7`, `tag eu`, `stack shop`. */
  readonly id: string;
  readonly name: string;
  readonly state: TileState;
  readonly environments: readonly Environment[];
  /** Those that last, muted ones too, most urgent first; of environments that are worked on none. */
  readonly problems: readonly Problem[];
  /** The one that ends last, where all of its environments are worked on. */
  readonly maintenance: Maintenance | undefined;
  /** Nothing of it is known to be so now. */
  readonly isOld: boolean;
  /** Somebody sees to everything that is wrong. */
  readonly isAcknowledged: boolean;
  /** Of the oldest data in it; undefined when some of it never answered. */
  readonly ageMs: number | undefined;
  /** Share of all cores of its hosts, 0 to 100; undefined where nobody measures. */
  readonly cpuPercent: number | undefined;
  readonly memoryBytes: number | undefined;
  /** CPU over time, oldest first. */
  readonly points: readonly number[];
}

const EMPTY: Count = { total: 0, running: 0, bad: 0, changing: 0 };
const counts = new WeakMap<ReadonlyMap<string, Container>, Count>();

function countOf(containers: Iterable<Container>): Count {
  const count = { total: 0, running: 0, bad: 0, changing: 0 };
  for (const container of containers) {
    const condition = conditionOf(container);
    count.total++;
    if (container.state === 'running') count.running++;
    if (condition === 'problem') count.bad++;
    if (condition === 'changing') count.changing++;
  }
  return count;
}

function environmentCount(fleet: LiveFleet, id: number): Count {
  const containers = fleet.containers.get(id);
  if (!containers) return EMPTY;
  const count = counts.get(containers) ?? countOf(containers.values());
  counts.set(containers, count);
  return count;
}

/** Whether what is known of an environment is no longer known. */
export function isSilent(fleet: LiveFleet, environment: Environment, nowMs: number): boolean {
  if (environment.connection !== 'up') return true;
  return (ageOf(fleet, environment, nowMs) ?? Number.POSITIVE_INFINITY) > NO_DATA_AFTER_MS;
}

interface Members {
  readonly id: string;
  readonly name: string;
  readonly environments: readonly Environment[];
  readonly count: Count;
  readonly problems: readonly Problem[];
}

/** Without what goes on in environments that somebody works on. */
function withoutWorkedOn(fleet: LiveFleet, members: Members, nowMs: number): Members {
  const isWorkedOn = (one: Environment) => maintenanceNow(fleet, one, nowMs) !== undefined;
  const worked = new Set(members.environments.filter(isWorkedOn).map(({ id }) => id));
  if (worked.size === 0) return members;
  const problems = members.problems.filter(({ environmentId }) => !worked.has(environmentId));
  return { ...members, problems };
}

function stateOf(fleet: LiveFleet, members: Members, nowMs: number): TileState {
  const { count, problems } = members;
  const environments = members.environments.filter((one) => !maintenanceNow(fleet, one, nowMs));
  if (environments.length === 0 && members.environments.length > 0) return 'maintenance';
  const isPart = environments.length < members.environments.length;
  const live = problems.filter((one) => !isMuted(one));
  const silent = environments.filter((one) => isSilent(fleet, one, nowMs));
  const isHeard = ({ id }: Environment) =>
    !problems.some((one) => one.environmentId === id && one.containerId === null && isMuted(one));
  const ill = live.filter(({ containerId }) => containerId !== null);
  const muted = problems.length - live.length;
  // Of containers alone it is not known whose environment is worked on.
  const bad = isPart ? ill.length : Math.max(ill.length, count.bad - muted);
  const isWhole = silent.length === environments.length;
  if (bad > 0 && !isWhole) return 'problem';
  if (silent.some(isHeard)) return 'nodata';
  if (muted > 0) return 'muted';
  return count.changing > 0 || live.length > 0 ? 'degraded' : 'ok';
}

function maintenanceOf(
  fleet: LiveFleet,
  environments: readonly Environment[],
  nowMs: number,
): Maintenance | undefined {
  const worked = environments.flatMap((one) => maintenanceNow(fleet, one, nowMs) ?? []);
  if (worked.length < environments.length) return undefined;
  return worked.sort((a, b) => b.untilMs - a.untilMs)[0];
}

function tileOf(fleet: LiveFleet, members: Members, nowMs: number): Tile {
  const { id, name, environments, count, problems } = members;
  const ages = environments.map((one) => ageOf(fleet, one, nowMs));
  const loads = environments.map((one) => fleet.loads.get(one.id) ?? []);
  const latest = loads.flatMap((history) => history.at(-1) ?? []);
  const live = problems.filter((one) => !isMuted(one));
  const cpu = latest.reduce((sum, load) => sum + load.cpuPercent, 0);
  const memory = latest.reduce((sum, load) => sum + load.memoryBytes, 0);
  return {
    id,
    name,
    ...count,
    state: stateOf(fleet, members, nowMs),
    environments,
    problems,
    maintenance: maintenanceOf(fleet, environments, nowMs),
    isOld: environments.every((one) => isSilent(fleet, one, nowMs)),
    isAcknowledged: live.length > 0 && live.every(({ acknowledged }) => acknowledged !== null),
    ageMs: ages.some((age) => age === undefined) ? undefined : Math.max(0, ...ages.map(Number)),
    cpuPercent: latest.length === 0 ? undefined : cpu / latest.length,
    memoryBytes: latest.length === 0 ? undefined : memory,
    points: loads.length === 1 ? (loads[0] ?? []).map(({ cpuPercent }) => cpuPercent) : [],
  };
}

function sum(all: readonly Count[]): Count {
  return all.reduce(
    (one, other) => ({
      total: one.total + other.total,
      running: one.running + other.running,
      bad: one.bad + other.bad,
      changing: one.changing + other.changing,
    }),
    EMPTY,
  );
}

function byTag(fleet: LiveFleet, environments: readonly Environment[]): readonly Members[] {
  const tags = new Set(environments.flatMap((one) => one.tags));
  const groups = [...tags].map(
    (tag) => [tag, (one: Environment) => one.tags.includes(tag)] as const,
  );
  const rest = ['no tag', (one: Environment) => one.tags.length === 0] as const;
  return [...groups, rest]
    .map(([name, isIn]) => ({ name, own: environments.filter(isIn) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, own }) => ({
      id: `tag ${name}`,
      name,
      environments: own,
      count: sum(own.map(({ id }) => environmentCount(fleet, id))),
      problems: own.flatMap(({ id }) => openProblems(fleet.problems, id)).sort(byUrgency),
    }));
}

function byStack(fleet: LiveFleet, environments: readonly Environment[]): readonly Members[] {
  const stacks = new Map<string, { own: Set<Environment>; containers: Container[] }>();
  for (const environment of environments) {
    for (const container of fleet.containers.get(environment.id)?.values() ?? []) {
      const name = projectOf(container) ?? 'no stack';
      const stack = stacks.get(name) ?? { own: new Set(), containers: [] };
      stack.own.add(environment);
      stack.containers.push(container);
      stacks.set(name, stack);
    }
  }
  return [...stacks].map(([name, { own, containers }]) => {
    const ids = new Set(containers.map(({ environmentId, id }) => `${environmentId}.${id}`));
    return {
      id: `stack ${name}`,
      name,
      environments: [...own],
      count: countOf(containers),
      problems: [...own]
        .flatMap(({ id }) => openProblems(fleet.problems, id))
        .filter((problem) => problem.containerId === null || ids.has(problem.id))
        .sort(byUrgency),
    };
  });
}

function membersOf(fleet: LiveFleet, wall: WallScreen): readonly Members[] {
  const inScope = [...fleet.environments.values()].filter((one) =>
    environmentPasses(wall.scope, one),
  );
  if (wall.group === 'tag') return byTag(fleet, inScope);
  if (wall.group === 'stack') return byStack(fleet, inScope);
  return inScope.map((environment) => ({
    id: `environment ${environment.id}`,
    name: environment.name,
    environments: [environment],
    count: environmentCount(fleet, environment.id),
    problems: openProblems(fleet.problems, environment.id),
  }));
}

const QUIET = 3;

/** Where a tile stands among the others: what nobody sees to first, then no data, then the rest. */
function rankOf({ id, state, isAcknowledged }: Tile, wall: WallScreen): number {
  if (wall.pins.has(id)) return 0;
  if (wall.order === 'name') return QUIET;
  if (state === 'problem' && !isAcknowledged) return 1;
  return state === 'nodata' && !isAcknowledged ? 2 : QUIET;
}

const sinceOf = ({ problems }: Tile) => problems[0]?.sinceMs ?? 0;

/** All tiles of the wall in their order; equals stay by name, so that a tile moves only when its state changes. */
export function tilesOf(fleet: LiveFleet, wall: WallScreen, nowMs: number): readonly Tile[] {
  return membersOf(fleet, wall)
    .map((members) => tileOf(fleet, withoutWorkedOn(fleet, members, nowMs), nowMs))
    .filter(({ state }) => !wall.problemsOnly || state === 'problem' || state === 'nodata')
    .map((tile) => ({ tile, rank: rankOf(tile, wall), key: naturalKey(tile.name) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        (a.rank === 1 ? sinceOf(a.tile) - sinceOf(b.tile) : 0) ||
        (a.key < b.key ? -1 : a.key > b.key ? 1 : a.tile.id < b.tile.id ? -1 : 1),
    )
    .map(({ tile }) => tile);
}
