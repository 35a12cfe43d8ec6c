/**
 * The list of containers as a derived value: filtered and sorted keys, kept until something makes them wrong.
 * New and removed rows show at once; rows that only changed stay where they are until the list may be sorted again.
 */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import { isProblem, projectOf, stateWords } from './condition.ts';
import { type Entry, insertKey, isMoved, type Sort } from './container-sort.ts';
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import type { HostFacts } from './filter-hosts.ts';
import type { Delta } from './fold-feed.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';
import { type Group, type GroupId, groupRows, keyOfRow, type RowId } from './list-groups.ts';
import { containerAt, environmentName, environmentTags, type LiveFleet } from './live-fleet.ts';
import { isInScope, type Scope } from './scope.ts';
import { followTouches, type SortedFleet, sortFleet, UNSORTED } from './sorted-fleet.ts';

/** Data may move rows at most this often … */
export const RESORT_EVERY_MS = 3_000;
/** … and not before the cursor has rested this long. */
export const CURSOR_REST_MS = 2_000;
/** From so many new rows on, choosing all of them anew is cheaper than putting each into its place. */
const REBUILD_FROM = 64;
/** Of up to so many rows each is asked by itself when a filter narrows. */
const FEW_ROWS = 5_000;

export interface ContainerList {
  readonly filterText: string;
  readonly filter: Filter;
  readonly problemsOnly: boolean;
  readonly isWide: boolean;
  readonly sort: Sort;
  /** All containers as they were sorted last: what `order` was chosen from. */
  readonly sorted: SortedFleet;
  readonly order: readonly ContainerKey[];
  readonly orderedAtMs: number;
  /** True when some row would stand elsewhere after sorting again. */
  readonly isOutOfOrder: boolean;
  /** Groups whose members are not shown. */
  readonly folded: ReadonlySet<GroupId>;
  /** What can be selected, top to bottom: the order, and with groups a row for each of them. */
  readonly rows: readonly RowId[];
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly cursor: Cursor<RowId>;
  readonly cursorMovedAtMs: number;
  /** Marks survive filter, sort and scope; a container that is gone loses its mark. */
  readonly marks: ReadonlySet<ContainerKey>;
  /** Where the range begins that the cursor draws. */
  readonly rangeFrom: RowId | undefined;
}

export const FRESH_CONTAINER_LIST: ContainerList = {
  filterText: '',
  filter: EVERYTHING,
  problemsOnly: false,
  isWide: false,
  sort: { by: 'name', isReversed: false, groupBy: 'none' },
  sorted: UNSORTED,
  order: [],
  orderedAtMs: 0,
  isOutOfOrder: false,
  folded: new Set(),
  rows: [],
  groups: new Map(),
  cursor: FRESH_CURSOR,
  cursorMovedAtMs: 0,
  marks: new Set(),
  rangeFrom: undefined,
};

/** Whether the container of this environment passes the filter. */
export function containerPasses(
  filter: Filter,
  container: Container,
  environment: HostFacts,
): boolean {
  if (filter.kind === 'everything') return true;
  if (filter.kind === 'text') return hasWord(filter.pattern, container, environment);
  const { name, image, labels } = container;
  const { name: host, tags } = environment;
  const state = stateWords(container);
  const fields = [name, image, state, projectOf(container) ?? '', host];
  return passes(filter, fields, { name, host, image, state, labels, tags });
}

/** What `passes` says of a word, at half its price: most of what is typed is one, and all containers are asked. */
function hasWord(pattern: RegExp, container: Container, { name: host }: HostFacts): boolean {
  return (
    pattern.test(container.name) ||
    pattern.test(container.image) ||
    pattern.test(host) ||
    pattern.test(stateWords(container)) ||
    pattern.test(projectOf(container) ?? '')
  );
}

const hostFacts = (fleet: LiveFleet, id: number): HostFacts => ({
  name: environmentName(fleet, id),
  tags: environmentTags(fleet, id),
});

const isChosen = (list: ContainerList, container: Container, host: HostFacts): boolean =>
  (!list.problemsOnly || isProblem(container)) && containerPasses(list.filter, container, host);

/** Whether a list with this filter and scope shows the container. */
export function isListed(
  list: ContainerList,
  fleet: LiveFleet,
  scope: Scope,
  container: Container,
): boolean {
  const { environmentId } = container;
  return (
    isInScope(fleet, scope, environmentId) &&
    isChosen(list, container, hostFacts(fleet, environmentId))
  );
}

/** The environments in scope, with what a filter may ask of them. */
function hostsInScope(fleet: LiveFleet, scope: Scope): ReadonlyMap<number, HostFacts> {
  const ids = [...fleet.containers.keys()].filter((id) => isInScope(fleet, scope, id));
  return new Map(ids.map((id) => [id, hostFacts(fleet, id)]));
}

/** The list filtered and in exact order: what a person's key press asks for. */
export function rebuildList(
  list: ContainerList,
  fleet: LiveFleet,
  scope: Scope,
  nowMs: number,
): ContainerList {
  const sorted = sortFleet(list.sorted, fleet, list.sort);
  const isWhole = scope === undefined && !list.problemsOnly && list.filter.kind === 'everything';
  const { entries } = sorted;
  const chosen = isWhole ? entries : choose(list, entries, hostsInScope(fleet, scope));
  const order = chosen.map(({ key }) => key);
  return { ...list, sorted, order, orderedAtMs: nowMs, isOutOfOrder: false };
}

function choose(
  list: ContainerList,
  entries: readonly Entry[],
  hosts: ReadonlyMap<number, HostFacts>,
): readonly Entry[] {
  return entries.filter(({ container }) => {
    const host = hosts.get(container.environmentId);
    return host !== undefined && isChosen(list, container, host);
  });
}

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withFilter(list: ContainerList, text: string): ContainerList {
  const parsed = parseFilter(text);
  return { ...list, filterText: text, filter: parsed.kind === 'ok' ? parsed.filter : list.filter };
}

/** The list with another filter text, its rows chosen anew; a longer text only takes rows away, so few are just asked again. */
export function filterList(
  list: ContainerList,
  text: string,
  { fleet, scope, nowMs }: DeltaContext,
): ContainerList {
  const next = withFilter(list, text);
  const isNarrower = text.startsWith(list.filterText) && !/[!/:"]|(?:^|\s)-/.test(text);
  if (!isNarrower || list.order.length > FEW_ROWS) return rebuildList(next, fleet, scope, nowMs);
  const stays = (key: ContainerKey): boolean => {
    const container = containerAt(fleet, key);
    return container !== undefined && isListed(next, fleet, scope, container);
  };
  return { ...next, order: list.order.filter(stays) };
}

export interface DeltaContext {
  readonly fleet: LiveFleet;
  readonly scope: Scope;
  readonly nowMs: number;
}

/** The list after the feed changed the fleet: rows come and go at once, rows that changed keep their places for now. */
export function applyDelta(
  list: ContainerList,
  delta: Delta,
  context: DeltaContext & { readonly before: LiveFleet },
): ContainerList {
  const { before, fleet, scope, nowMs } = context;
  if (delta.isWhole) return dropMarks(rebuildList(list, fleet, scope, nowMs), fleet);
  const gone = new Set<ContainerKey>();
  const come: ContainerKey[] = [];
  let isOutOfOrder = list.isOutOfOrder;
  let hasEnded = false;
  for (const [key, { before: old, after }] of delta.containers) {
    const was = old !== undefined && isListed(list, fleet, scope, old);
    const is = after !== undefined && isListed(list, fleet, scope, after);
    if (was && !is) gone.add(key);
    if (is && !was) come.push(key);
    if (was && is && !isOutOfOrder) isOutOfOrder = isMoved(fleet, old, after, list.sort);
    if (!after) hasEnded = true;
  }
  const sorted = followTouches(list.sorted, delta.containers, { before, fleet });
  const changed = { ...list, sorted, isOutOfOrder };
  const next =
    come.length >= REBUILD_FROM
      ? rebuildList(changed, fleet, scope, nowMs)
      : { ...changed, order: patched(changed, come, gone, fleet) };
  return hasEnded ? dropMarks(next, fleet) : next;
}

function patched(
  list: ContainerList,
  come: readonly ContainerKey[],
  gone: ReadonlySet<ContainerKey>,
  fleet: LiveFleet,
): readonly ContainerKey[] {
  const left = gone.size === 0 ? list.order : list.order.filter((key) => !gone.has(key));
  return come.reduce((order, key) => insertKey(fleet, order, key, list.sort), left);
}

function dropMarks(list: ContainerList, fleet: LiveFleet): ContainerList {
  if (list.marks.size === 0) return list;
  const marks = [...list.marks].filter((key) => containerAt(fleet, key) !== undefined);
  return marks.length === list.marks.size ? list : { ...list, marks: new Set(marks) };
}

/** Whether rows that changed may move to their places now. */
export function mayResort(list: ContainerList, nowMs: number): boolean {
  return (
    list.isOutOfOrder &&
    nowMs - list.orderedAtMs >= RESORT_EVERY_MS &&
    nowMs - list.cursorMovedAtMs >= CURSOR_REST_MS
  );
}

/** The list with rows that fit its order; the same list when they do already. */
export function withRows(
  list: ContainerList,
  before: ContainerList,
  fleet: LiveFleet,
): ContainerList {
  const { order, sort, folded } = list;
  const isSame =
    order === before.order && sort.groupBy === before.sort.groupBy && folded === before.folded;
  return isSame ? list : { ...list, ...groupRows(order, fleet, sort.groupBy, folded) };
}

/** The containers between the beginning of the range and the cursor; none without a range. */
export function rangeKeys({ rows, rangeFrom, cursor }: ContainerList): readonly ContainerKey[] {
  if (rangeFrom === undefined) return [];
  const from = rows.indexOf(rangeFrom);
  if (from < 0) return [];
  const [low, high] = from < cursor.at ? [from, cursor.at] : [cursor.at, from];
  return rows.slice(low, high + 1).flatMap((row) => keyOfRow(row) ?? []);
}
