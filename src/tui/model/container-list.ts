/**
 * The list of containers as a derived value: filtered and sorted keys, kept until something makes them wrong.
 * New and removed rows show at once; rows that only changed stay where they are until the list may be sorted again.
 */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import { isProblem, projectOf, stateWords } from './condition.ts';
import { insertKey, isMoved, type Sort, sortKeys } from './container-sort.ts';
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import type { HostFacts } from './filter-hosts.ts';
import type { Delta } from './fold-feed.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';
import { type Group, type GroupId, groupRows, keyOfRow, type RowId } from './list-groups.ts';
import { containerAt, environmentName, environmentTags, type LiveFleet } from './live-fleet.ts';
import { isInScope, type Scope } from './scope.ts';

/** Data may move rows at most this often … */
export const RESORT_EVERY_MS = 3_000;
/** … and not before the cursor has rested this long. */
export const CURSOR_REST_MS = 2_000;
/** From so many new rows on, sorting everything is cheaper than putting each into its place. */
const REBUILD_FROM = 64;

export interface ContainerList {
  readonly filterText: string;
  readonly filter: Filter;
  readonly problemsOnly: boolean;
  readonly isWide: boolean;
  readonly sort: Sort;
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
  const { name, image, labels } = container;
  const { name: host, tags } = environment;
  const state = stateWords(container);
  const fields = [name, image, state, projectOf(container) ?? '', host];
  if (filter.kind === 'text') return passes(filter, fields);
  return passes(filter, fields, { name, host, image, state, labels, tags });
}

/** Whether a list with this filter and scope shows the container. */
export function isListed(
  list: ContainerList,
  fleet: LiveFleet,
  scope: Scope,
  container: Container,
): boolean {
  if (!isInScope(fleet, scope, container.environmentId)) return false;
  if (list.problemsOnly && !isProblem(container)) return false;
  const { environmentId } = container;
  const name = environmentName(fleet, environmentId);
  return containerPasses(list.filter, container, {
    name,
    tags: environmentTags(fleet, environmentId),
  });
}

function* listed(list: ContainerList, fleet: LiveFleet, scope: Scope) {
  for (const [id, containers] of fleet.containers) {
    if (!isInScope(fleet, scope, id)) continue;
    for (const entry of containers) if (isListed(list, fleet, scope, entry[1])) yield entry;
  }
}

/** The list filtered and sorted from scratch: what a person's key press asks for. */
export function rebuildList(
  list: ContainerList,
  fleet: LiveFleet,
  scope: Scope,
  nowMs: number,
): ContainerList {
  const order = sortKeys(fleet, listed(list, fleet, scope), list.sort);
  return { ...list, order, orderedAtMs: nowMs, isOutOfOrder: false };
}

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withFilter(list: ContainerList, text: string): ContainerList {
  const parsed = parseFilter(text);
  return { ...list, filterText: text, filter: parsed.kind === 'ok' ? parsed.filter : list.filter };
}

/** The list with another filter text, its rows chosen anew; a longer text only takes rows away, so nothing is sorted. */
export function filterList(
  list: ContainerList,
  text: string,
  context: DeltaContext,
): ContainerList {
  const { fleet, scope, nowMs } = context;
  const next = withFilter(list, text);
  const isNarrower = text.startsWith(list.filterText) && !/[!/:"]|(?:^|\s)-/.test(text);
  if (!isNarrower) return rebuildList(next, fleet, scope, nowMs);
  const left = new Set<ContainerKey>();
  for (const [key] of listed(next, fleet, scope)) left.add(key);
  return { ...next, order: list.order.filter((key) => left.has(key)) };
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
  context: DeltaContext,
): ContainerList {
  const { fleet, scope, nowMs } = context;
  if (delta.isWhole) return dropMarks(rebuildList(list, fleet, scope, nowMs), fleet);
  const gone = new Set<ContainerKey>();
  const come: ContainerKey[] = [];
  let isOutOfOrder = list.isOutOfOrder;
  let hasEnded = false;
  for (const [key, { before, after }] of delta.containers) {
    const was = before !== undefined && isListed(list, fleet, scope, before);
    const is = after !== undefined && isListed(list, fleet, scope, after);
    if (was && !is) gone.add(key);
    if (is && !was) come.push(key);
    if (was && is && !isOutOfOrder) isOutOfOrder = isMoved(fleet, before, after, list.sort);
    if (!after) hasEnded = true;
  }
  const changed = { ...list, isOutOfOrder };
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
