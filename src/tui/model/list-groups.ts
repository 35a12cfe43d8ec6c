/** Rows of a list whose containers stand in groups: a row for each group, and its members below it unless it is folded. */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import { projectOf } from './condition.ts';
import { containerAt, type LiveFleet } from './live-fleet.ts';

/** By environment, or by stack: the compose project within its environment. */
export type Grouping = 'none' | 'host' | 'stack';

export const GROUPINGS = ['none', 'host', 'stack'] as const satisfies readonly Grouping[];

export type GroupId = `group:${string}`;
export type RowId = ContainerKey | GroupId;

export interface Group {
  readonly id: GroupId;
  readonly environmentId: number;
  /** Of a group by stack; '' for the containers without one. */
  readonly stack: string | undefined;
  /** Its members in the list's order: from this one on, and how many. */
  readonly from: number;
  readonly count: number;
}

export interface GroupedRows {
  readonly rows: readonly RowId[];
  readonly groups: ReadonlyMap<GroupId, Group>;
}

const NO_GROUPS: ReadonlyMap<GroupId, Group> = new Map();

export function isGroup(row: RowId | undefined): row is GroupId {
  return row?.startsWith('group:') ?? false;
}

/** The container that a row stands for; undefined for the row of a group. */
export function keyOfRow(row: RowId | undefined): ContainerKey | undefined {
  return row === undefined || isGroup(row) ? undefined : row;
}

/** The group that a container belongs to. */
export function groupOf(container: Container, grouping: Exclude<Grouping, 'none'>): GroupId {
  const { environmentId } = container;
  if (grouping === 'host') return `group:${environmentId}`;
  return `group:${environmentId}/${projectOf(container) ?? ''}`;
}

/** The rows of an order in which members of one group stand together. */
export function groupRows(
  order: readonly ContainerKey[],
  fleet: LiveFleet,
  grouping: Grouping,
  folded: ReadonlySet<GroupId>,
): GroupedRows {
  if (grouping === 'none') return { rows: order, groups: NO_GROUPS };
  const groups = new Map<GroupId, Group>();
  const rows: RowId[] = [];
  let id: GroupId | undefined;
  for (const [at, key] of order.entries()) {
    const container = containerAt(fleet, key);
    if (!container) continue;
    const own = groupOf(container, grouping);
    if (own !== id && !groups.has(own)) {
      id = own;
      rows.push(own);
      const stack = grouping === 'stack' ? (projectOf(container) ?? '') : undefined;
      groups.set(own, {
        id: own,
        environmentId: container.environmentId,
        stack,
        from: at,
        count: 0,
      });
    }
    const group = groups.get(own);
    if (group) groups.set(own, { ...group, count: at + 1 - group.from });
    if (!folded.has(own)) rows.push(key);
  }
  return { rows, groups };
}
