/**
 * The access policies of all environments and groups, at hand without asking the store: what a feed shows is decided for every
 * message. Whoever's role changes loses the streams that were opened under the old one.
 */
import type { AccessPolicies } from '../store/access-store.ts';
import type { EnvironmentRecord } from '../store/store.ts';

/** Who has which role, by account and by team. */
export type Policies = Pick<EnvironmentRecord, 'userAccessPolicies' | 'teamAccessPolicies'>;

/** Who has which role in one environment. */
export interface Access {
  /** Of the environment. */
  readonly id: number;
  readonly own: Policies;
  /** Of the group it is in. */
  readonly group: Policies;
}

/** Whose role in some environment is another one now. */
export interface ChangedAccess {
  readonly userIds: ReadonlySet<number>;
  readonly teamIds: ReadonlySet<number>;
}

interface Entry {
  readonly own: Policies;
  readonly groupId: number;
}

type Named = Pick<EnvironmentRecord, 'id'> & Policies;

const NOBODY: Policies = { userAccessPolicies: {}, teamAccessPolicies: {} };
const NOWHERE: Entry = { own: NOBODY, groupId: 0 };

const policiesOf = ({ userAccessPolicies, teamAccessPolicies }: Policies): Policies => ({
  userAccessPolicies,
  teamAccessPolicies,
});

export class AccessBook {
  readonly #environments = new Map<number, Entry>();
  readonly #groups = new Map<number, Policies>();
  #onChange: (changed: ChangedAccess) => void = () => undefined;

  /** Sets who hears of the accounts and teams whose role in some environment is another one now. */
  whenChanged(tell: (changed: ChangedAccess) => void): void {
    this.#onChange = tell;
  }

  set(record: Named & Pick<EnvironmentRecord, 'groupId'>): void {
    const before = this.of(record.id);
    this.#environments.set(record.id, { own: policiesOf(record), groupId: record.groupId });
    this.#tell(before, this.of(record.id));
  }

  setGroup(group: Named): void {
    const before = this.#group(group.id);
    this.#groups.set(group.id, policiesOf(group));
    this.#tell({ own: NOBODY, group: before }, { own: NOBODY, group });
  }

  forget(id: number): void {
    this.#environments.delete(id);
  }

  forgetGroup(id: number): void {
    this.#groups.delete(id);
  }

  /** In the shape that permissions.ts judges; nobody is named by an environment that is not known. */
  of(id: number): Access {
    const { own, groupId } = this.#environments.get(id) ?? NOWHERE;
    return { id, own, group: this.#group(groupId) };
  }

  #group(id: number): Policies {
    return this.#groups.get(id) ?? NOBODY;
  }

  #tell(before: Omit<Access, 'id'>, after: Omit<Access, 'id'>): void {
    const changed = (kind: keyof Policies): ReadonlySet<number> =>
      new Set([
        ...changedIds(before.own[kind], after.own[kind]),
        ...changedIds(before.group[kind], after.group[kind]),
      ]);
    const userIds = changed('userAccessPolicies');
    const teamIds = changed('teamAccessPolicies');
    if (userIds.size + teamIds.size > 0) this.#onChange({ userIds, teamIds });
  }
}

function changedIds(before: AccessPolicies, after: AccessPolicies): readonly number[] {
  const named = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...named].filter((id) => before[id]?.RoleId !== after[id]?.RoleId).map(Number);
}
