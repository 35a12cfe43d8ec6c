/** How a list of containers is ordered: one key chosen by the person, then environment, name and id, so ties never move. */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import { conditionOf, projectOf, sinceMs } from './condition.ts';
import type { Figure } from './figures.ts';
import type { Grouping } from './list-groups.ts';
import { containerAt, environmentName, type LiveFleet } from './live-fleet.ts';

export type SortKey = 'name' | 'age' | 'state' | 'host' | 'image' | 'cpu' | 'memory' | 'restarts';

export interface Sort {
  readonly by: SortKey;
  readonly isReversed: boolean;
  /** Members of a group stand together, whatever they are sorted by. */
  readonly groupBy: Grouping;
}

/** A container with what it is compared by. */
export interface Entry {
  readonly key: ContainerKey;
  readonly container: Container;
  readonly host: string;
  readonly name: string;
  /** Undefined where the order does not hang on it. */
  readonly figure: Figure | undefined;
  /** In the order of groups by stack. */
  readonly stack: string;
}

export type Compare = (a: Entry, b: Entry) => number;

const CONDITION_RANK = { problem: 0, changing: 1, ok: 2, off: 3 } as const;

/** A text such that plain comparison puts web-2 before web-10, whatever the case of its letters. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const PRIMARY: Record<SortKey, Compare> = {
  name: (a, b) => byText(a.name, b.name),
  host: (a, b) => byText(a.host, b.host),
  image: (a, b) => byText(a.container.image, b.container.image),
  /** The youngest first. */
  age: (a, b) => sinceMs(b.container) - sinceMs(a.container),
  /** Who uses most first, and who nobody has measured last. */
  cpu: (a, b) => (b.figure?.cpuCores ?? -1) - (a.figure?.cpuCores ?? -1),
  restarts: (a, b) => b.container.restartsSeen - a.container.restartsSeen,
  memory: (a, b) => (b.figure?.memoryBytes ?? -1) - (a.figure?.memoryBytes ?? -1),
  state: (a, b) =>
    CONDITION_RANK[conditionOf(a.container)] - CONDITION_RANK[conditionOf(b.container)] ||
    byText(a.container.state, b.container.state),
};

const byHost: Compare = (a, b) =>
  byText(a.host, b.host) || a.container.environmentId - b.container.environmentId;

const GROUPED: Record<Grouping, Compare> = {
  none: () => 0,
  host: byHost,
  stack: (a, b) => byHost(a, b) || byText(a.stack, b.stack),
};

/** Compares entries as the sort wants it; never 0 for two containers. */
export function comparator(sort: Sort): Compare {
  const primary = PRIMARY[sort.by];
  const sign = sort.isReversed ? -1 : 1;
  const grouped = GROUPED[sort.groupBy];
  return (a, b) =>
    grouped(a, b) ||
    sign * primary(a, b) ||
    byText(a.host, b.host) ||
    byText(a.name, b.name) ||
    byText(a.key, b.key);
}

/** The entry of a container: its host's and its own name as `naturalKey` has them. */
export function makeEntry(
  key: ContainerKey,
  container: Container,
  { host, name, figure }: Pick<Entry, 'host' | 'name' | 'figure'>,
): Entry {
  return { key, container, host, name, figure, stack: projectOf(container) ?? '' };
}

function entryOf(fleet: LiveFleet, key: ContainerKey, container: Container): Entry {
  const host = naturalKey(environmentName(fleet, container.environmentId));
  const name = naturalKey(container.name);
  return makeEntry(key, container, { host, name, figure: fleet.figures.get(key) });
}

/** The order with one more key at its place, found by halving; `order` may be slightly out of order by now. */
export function insertKey(
  fleet: LiveFleet,
  order: readonly ContainerKey[],
  key: ContainerKey,
  sort: Sort,
): readonly ContainerKey[] {
  const container = containerAt(fleet, key);
  if (!container) return order;
  const compare = comparator(sort);
  const entry = entryOf(fleet, key, container);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = order[middle] ?? key;
    const present = containerAt(fleet, other);
    if (present && compare(entryOf(fleet, other, present), entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return [...order.slice(0, low), key, ...order.slice(low)];
}

/** Whether a changed container would stand elsewhere than before. */
export function isMoved(
  fleet: LiveFleet,
  before: Container,
  after: Container,
  sort: Sort,
): boolean {
  const key: ContainerKey = `${after.environmentId}/${after.id}`;
  const compare = comparator(sort);
  return compare(entryOf(fleet, key, before), entryOf(fleet, key, after)) !== 0;
}
