/**
 * The access policies of all environments, at hand without asking the store: what a feed shows is decided for every message.
 * Whoever's role changes loses the streams that were opened under the old one.
 */
import type { AccessPolicies, EnvironmentRecord } from '../store/store.ts';

type Policies = Pick<EnvironmentRecord, 'id' | 'userAccessPolicies' | 'teamAccessPolicies'>;

/** Whose role in some environment is another one now. */
export interface ChangedAccess {
  readonly userIds: ReadonlySet<number>;
  readonly teamIds: ReadonlySet<number>;
}

export class AccessBook {
  readonly #policies = new Map<number, Policies>();
  #onChange: (changed: ChangedAccess) => void = () => undefined;

  /** Sets who hears of the accounts and teams whose role in some environment is another one now. */
  whenChanged(tell: (changed: ChangedAccess) => void): void {
    this.#onChange = tell;
  }

  set({ id, userAccessPolicies, teamAccessPolicies }: Policies): void {
    const before = this.of(id);
    this.#policies.set(id, { id, userAccessPolicies, teamAccessPolicies });
    const userIds = changedIds(before.userAccessPolicies, userAccessPolicies);
    const teamIds = changedIds(before.teamAccessPolicies, teamAccessPolicies);
    if (userIds.size + teamIds.size > 0) this.#onChange({ userIds, teamIds });
  }

  forget(id: number): void {
    this.#policies.delete(id);
  }

  /** In the shape that permissions.ts judges; nobody is named by an environment that is not known. */
  of(id: number): Policies {
    return this.#policies.get(id) ?? { id, userAccessPolicies: {}, teamAccessPolicies: {} };
  }
}

function changedIds(before: AccessPolicies, after: AccessPolicies): ReadonlySet<number> {
  const named = new Set([...Object.keys(before), ...Object.keys(after)]);
  return new Set([...named].filter((id) => before[id]?.RoleId !== after[id]?.RoleId).map(Number));
}
