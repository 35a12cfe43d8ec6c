/**
 * The access policies of all environments, at hand without asking the store: what a feed shows is decided for every message.
 * Whoever's role changes loses the streams that were opened under the old one.
 */
import type { AccessPolicies, EnvironmentRecord } from '../store/store.ts';

type Named = Pick<EnvironmentRecord, 'id' | 'userAccessPolicies'>;

export class AccessBook {
  readonly #policies = new Map<number, AccessPolicies>();
  #onChange: (userIds: ReadonlySet<number>) => void = () => undefined;

  /** Sets who hears of the accounts whose role in some environment is another one now. */
  whenChanged(tell: (userIds: ReadonlySet<number>) => void): void {
    this.#onChange = tell;
  }

  set({ id, userAccessPolicies }: Named): void {
    const before = this.#policies.get(id) ?? {};
    this.#policies.set(id, userAccessPolicies);
    this.#tell(before, userAccessPolicies);
  }

  forget(id: number): void {
    this.#policies.delete(id);
  }

  /** In the shape that permissions.ts judges; nobody is named by an environment that is not known. */
  of(id: number): Pick<EnvironmentRecord, 'userAccessPolicies'> {
    return { userAccessPolicies: this.#policies.get(id) ?? {} };
  }

  #tell(before: AccessPolicies, after: AccessPolicies): void {
    const named = new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...named].filter((user) => before[user]?.RoleId !== after[user]?.RoleId);
    if (changed.length > 0) this.#onChange(new Set(changed.map(Number)));
  }
}
