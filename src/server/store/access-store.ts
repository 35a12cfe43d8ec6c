/** What is kept of who may do what: groups of environments with their policies, and owners of Docker objects. */
import type { ResourceControl } from '../../protocol/resource-control.ts';

/** Who may see an environment: user or team id in decimal -> role, as Portainer sends it. */
export type AccessPolicies = Readonly<Record<string, { readonly RoleId: number }>>;

/** Environments that get their access policies together; id 1 holds those in no other. */
export interface GroupRecord {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly userAccessPolicies: AccessPolicies;
  readonly teamAccessPolicies: AccessPolicies;
  readonly tagIds: readonly number[];
}

export interface GroupStore {
  list(): Promise<GroupRecord[]>;
  /** Rejects with Fault conflict when the name is taken, as put() does. */
  insert(group: Omit<GroupRecord, 'id'>): Promise<GroupRecord>;
  put(group: GroupRecord): Promise<void>;
  remove(id: number): Promise<void>;
}

export interface ControlStore {
  list(): Promise<ResourceControl[]>;
  /** Rejects with Fault conflict when the object has one in that environment. */
  insert(control: Omit<ResourceControl, 'id'>): Promise<ResourceControl>;
  put(control: ResourceControl): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}
