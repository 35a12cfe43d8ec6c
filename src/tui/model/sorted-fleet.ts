/**
 * All containers of a fleet in the order of a sort. What a list shows is chosen from it, so that no key of a filter sorts; a fleet
 * that changed is sorted by what changed: the rest keeps its order, and what is new is put in by halving.
 */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import {
  type Compare,
  comparator,
  type Entry,
  makeEntry,
  naturalKey,
  type Sort,
} from './container-sort.ts';
import type { Figure } from './figures.ts';
import type { Touch } from './fold-feed.ts';
import { environmentName, type LiveFleet } from './live-fleet.ts';

interface Host {
  readonly name: string;
  readonly key: string;
}

export interface SortedFleet {
  readonly sort: Sort | undefined;
  /** Of the fleet that was sorted. */
  readonly containers: LiveFleet['containers'];
  readonly figures: LiveFleet['figures'];
  readonly hosts: ReadonlyMap<number, Host>;
  readonly entries: readonly Entry[];
}

export const UNSORTED: SortedFleet = {
  sort: undefined,
  containers: new Map(),
  figures: new Map(),
  hosts: new Map(),
  entries: [],
};

/** From one new entry to so many known ones on, sorting all is cheaper. */
const FEW = 8;

/** The fleet sorted; equal to sorting it from scratch, whatever was sorted before. The same object when nothing differs. */
export function sortFleet(before: SortedFleet, fleet: LiveFleet, sort: Sort): SortedFleet {
  const hosts = hostsOf(fleet, before.hosts);
  const { containers, figures } = fleet;
  const isKnownOrder = before.sort !== undefined && isSameSort(before.sort, sort);
  const isSame =
    isKnownOrder &&
    containers === before.containers &&
    hosts === before.hosts &&
    (figures === before.figures || !hangsOnFigures(sort));
  if (isSame) return before;
  const { kept, fresh } = sift(before, fleet, { sort, hosts });
  const compare = comparator(sort);
  const entries =
    isKnownOrder && fresh.length * FEW < kept.length
      ? putIn(kept, fresh.sort(compare), compare)
      : [...kept, ...fresh].sort(compare);
  return { sort, containers, figures, hosts, entries };
}

/**
 * The fleet after a message that touched these containers, sorted as `sortFleet` would but without looking at the others. When
 * something else had been sorted than the fleet just before, it stays as it is, for `sortFleet` to mend.
 */
export function followTouches(
  sorted: SortedFleet,
  touched: ReadonlyMap<ContainerKey, Touch>,
  { before, fleet }: { readonly before: LiveFleet; readonly fleet: LiveFleet },
): SortedFleet {
  const { sort, figures } = sorted;
  if (sort === undefined || sorted.containers !== before.containers) return sorted;
  const hosts = hostsOf(fleet, sorted.hosts);
  if (isRenamed(sorted.hosts, hosts)) return sorted;
  const compare = comparator(sort);
  const places = new Map<number, Entry | undefined>();
  const fresh: Entry[] = [];
  const figureOf = (key: ContainerKey) => (hangsOnFigures(sort) ? figures.get(key) : undefined);
  for (const [key, { before: was, after }] of touched) {
    const old = was && entryOf(key, was, { hosts: sorted.hosts, figure: figureOf(key) });
    const now = after && entryOf(key, after, { hosts, figure: figureOf(key) });
    const isInPlace = old !== undefined && now !== undefined && compare(old, now) === 0;
    if (old) places.set(placeOf(sorted.entries, old, compare) - 1, isInPlace ? now : undefined);
    if (now && !isInPlace) fresh.push(now);
  }
  const entries = putIn(withPlaces(sorted.entries, places), fresh.sort(compare), compare);
  return { ...sorted, containers: fleet.containers, hosts, entries };
}

/** The entries with others, or nothing, at some places. */
function withPlaces(
  entries: readonly Entry[],
  places: ReadonlyMap<number, Entry | undefined>,
): readonly Entry[] {
  const next = entries.slice();
  for (const [at, entry] of places) if (entry) next[at] = entry;
  const isAll = [...places.values()].every((entry) => entry !== undefined);
  return isAll ? next : next.filter((_, at) => !places.has(at) || places.get(at) !== undefined);
}

const isSameSort = (a: Sort, b: Sort) =>
  a.by === b.by && a.isReversed === b.isReversed && a.groupBy === b.groupBy;

const hangsOnFigures = ({ by }: Sort) => by === 'cpu' || by === 'memory';

/** What the environments are called, in the order; the same map when all are called as before. */
function hostsOf(fleet: LiveFleet, before: SortedFleet['hosts']): SortedFleet['hosts'] {
  const hosts = new Map<number, Host>();
  let isSame = before.size === fleet.containers.size;
  for (const id of fleet.containers.keys()) {
    const name = environmentName(fleet, id);
    const known = before.get(id);
    if (known?.name !== name) isSame = false;
    hosts.set(id, known?.name === name ? known : { name, key: naturalKey(name) });
  }
  return isSame ? before : hosts;
}

function entryOf(
  key: ContainerKey,
  container: Container,
  { hosts, figure }: { readonly hosts: SortedFleet['hosts']; readonly figure: Figure | undefined },
): Entry {
  const host = hosts.get(container.environmentId)?.key ?? '';
  return makeEntry(key, container, { host, name: naturalKey(container.name), figure });
}

function isRenamed(before: SortedFleet['hosts'], after: SortedFleet['hosts']): boolean {
  if (before === after) return false;
  return [...after].some(([id, host]) => before.has(id) && before.get(id) !== host);
}

interface Wish {
  readonly sort: Sort;
  readonly hosts: SortedFleet['hosts'];
}

/** The entries that are still true, in their order, and those to be put in. */
function sift(before: SortedFleet, fleet: LiveFleet, { sort, hosts }: Wish) {
  const kept: Entry[] = [];
  const fresh: Entry[] = [];
  const changed = changedEnvironments(before, fleet, hosts);
  const figures = hangsOnFigures(sort) ? fleet.figures : undefined;
  const names = new Map<string, string>();
  const add = (key: ContainerKey, container: Container): void => {
    const { name } = container;
    const known = names.get(name) ?? naturalKey(name);
    names.set(name, known);
    const host = hosts.get(container.environmentId)?.key ?? '';
    fresh.push(makeEntry(key, container, { host, name: known, figure: figures?.get(key) }));
  };
  for (const entry of before.entries) {
    const { key, container } = entry;
    const id = container.environmentId;
    const isOld = changed.has(id);
    const now = isOld ? fleet.containers.get(id)?.get(key) : container;
    const isTrue =
      now === container &&
      (!isOld || entry.host === hosts.get(id)?.key) &&
      entry.figure === figures?.get(key);
    if (isTrue) kept.push(entry);
    else if (now) add(key, now);
  }
  for (const id of changed) {
    const known = before.containers.get(id);
    for (const [key, container] of fleet.containers.get(id) ?? [])
      if (!known?.has(key)) add(key, container);
  }
  return { kept, fresh };
}

/** Those with other containers or another name than before, and those that are gone. */
function changedEnvironments(
  before: SortedFleet,
  fleet: LiveFleet,
  hosts: SortedFleet['hosts'],
): ReadonlySet<number> {
  const changed = new Set<number>();
  for (const [id, own] of fleet.containers) {
    if (own !== before.containers.get(id) || hosts.get(id) !== before.hosts.get(id))
      changed.add(id);
  }
  for (const id of before.containers.keys()) if (!fleet.containers.has(id)) changed.add(id);
  return changed;
}

/** Both are in order; so is what comes out. */
function putIn(
  kept: readonly Entry[],
  fresh: readonly Entry[],
  compare: Compare,
): readonly Entry[] {
  if (fresh.length === 0) return kept;
  const all: Entry[] = [];
  let from = 0;
  for (const entry of fresh) {
    const place = placeOf(kept, entry, compare, from);
    for (; from < place; from++) all.push(kept[from] as Entry);
    all.push(entry);
  }
  for (; from < kept.length; from++) all.push(kept[from] as Entry);
  return all;
}

/** How many entries stand before an entry or are equal to it, found by halving from `from` on. */
function placeOf(entries: readonly Entry[], entry: Entry, compare: Compare, from = 0): number {
  let low = from;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(entries[middle] as Entry, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
