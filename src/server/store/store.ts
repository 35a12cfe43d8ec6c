/**
 * What the fleet keeps, as small interfaces per noun; what stands behind them is chosen in main.ts only.
 * Every method is asynchronous, since a network database must fit behind it too. Times are unix seconds unless the name says ms.
 */
import type { LinkEndNote } from '../../protocol/link-api.ts';
import type { Maintenance } from '../../protocol/maintenance.ts';
import type { Problem } from '../../protocol/problem.ts';

import type { AccessPolicies, ControlStore, GroupStore } from './access-store.ts';

import type { IdentityStore, SecondFactorStore } from './sign-in-store.ts';

/** 1 administrator, 2 standard user: the numbers of Portainer's REST API. */
export type RoleNumber = 1 | 2;

export interface UserRecord {
  readonly id: number;
  /** As given at creation; compared without regard to case. */
  readonly username: string;
  /** argon2 in PHC form or bcrypt; never leaves the server. */
  readonly passwordHash: string;
  readonly role: RoleNumber;
  /** Session tokens issued before this moment are refused. */
  readonly tokensValidFromS: number;
}

export interface UserStore {
  list(): Promise<UserRecord[]>;
  get(id: number): Promise<UserRecord | undefined>;
  findByName(username: string): Promise<UserRecord | undefined>;
  /** Rejects with Fault conflict when the name is taken, whatever its case. */
  insert(user: Omit<UserRecord, 'id'>): Promise<UserRecord>;
  update(id: number, change: Partial<Omit<UserRecord, 'id'>>): Promise<void>;
  /** Only while `from` is still the one that is kept. */
  replaceHash(id: number, from: string, to: string): Promise<void>;
  remove(id: number): Promise<void>;
  countAdministrators(): Promise<number>;
}

export interface ApiKeyRecord {
  readonly id: number;
  readonly userId: number;
  readonly description: string;
  /** The first seven characters of the key, for people to recognise it. */
  readonly prefix: string;
  /** SHA-256 of the whole key in base64; the key itself is not kept. */
  readonly digest: string;
  readonly dateCreated: number;
  /** 0 when it was never used. */
  readonly lastUsed: number;
  /** Refused from this moment on; null: never. */
  readonly expiresAt: number | null;
  /** Where it may be used; null: wherever its account may. */
  readonly environmentIds: readonly number[] | null;
  /** The most powerful role it may use there; null: any. */
  readonly roleId: number | null;
}

export interface ApiKeyStore {
  listOf(userId: number): Promise<ApiKeyRecord[]>;
  findByDigest(digest: string): Promise<ApiKeyRecord | undefined>;
  insert(key: Omit<ApiKeyRecord, 'id'>): Promise<ApiKeyRecord>;
  markUsed(id: number, atS: number): Promise<void>;
  remove(id: number): Promise<void>;
}

/** Session tokens that were signed out before they expired. */
export interface RevocationStore {
  /** Ids of revoked tokens that have not expired at `nowS`; older rows are deleted. */
  listValid(nowS: number): Promise<string[]>;
  insert(tokenId: string, expiresAtS: number): Promise<void>;
}

export interface GpuRecord {
  readonly name: string;
  readonly value: string;
}

export type EnvironmentType = 1 | 2 | 4;

export interface EnvironmentRecord {
  readonly id: number;
  readonly name: string;
  /** 1 Docker through a socket or TCP, 2 Docker through an agent, 4 through an edge agent: Portainer's `Type`. */
  readonly type: EnvironmentType;
  /** '' when nobody said, 'docker' or 'podman'. */
  readonly containerEngine: string;
  /** unix:///path or tcp://host:port; for an edge agent the https:// address at which it finds this server. */
  readonly url: string;
  readonly publicUrl: string;
  readonly groupId: number;
  readonly tagIds: readonly number[];
  readonly gpus: readonly GpuRecord[];
  readonly tls: boolean;
  readonly tlsSkipVerify: boolean;
  /** PEM, for Docker over TCP with TLS; '' when there is none. */
  readonly tlsCa: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** The last known connection: 1 up, 2 down. */
  readonly status: 1 | 2;
  readonly agentVersion: string;
  readonly userAccessPolicies: AccessPolicies;
  readonly teamAccessPolicies: AccessPolicies;
  /** Named as in Portainer's SecuritySettings. */
  readonly securitySettings: Readonly<Record<string, boolean>>;
  readonly edgeCheckinInterval: number;
  readonly enableGpuManagement: boolean;
  /** The last snapshot as JSON text in Portainer's shape; '' before the first. */
  readonly snapshot: string;
}

export interface EnvironmentStore {
  list(): Promise<EnvironmentRecord[]>;
  get(id: number): Promise<EnvironmentRecord | undefined>;
  /** Whether one has this name; asked of an index, and not of all that is kept. */
  isNameTaken(name: string): Promise<boolean>;
  /** Rejects with Fault conflict when the name is taken. */
  insert(environment: Omit<EnvironmentRecord, 'id'>): Promise<EnvironmentRecord>;
  /** Rejects with Fault conflict when the name is taken. */
  update(id: number, change: Partial<Omit<EnvironmentRecord, 'id'>>): Promise<void>;
  /** Removes its pin and its binding too. */
  remove(id: number): Promise<void>;
}

/** What is kept of an environment's link: whom it trusts, and how its links went. Fingerprints are those of link keys. */
export interface LinkBinding {
  readonly environmentId: number;
  /** The key derived from the join secret, sealed; null once an agent has used it. */
  readonly joinKey: string | null;
  readonly joinExpiresAtMs: number | null;
  /** Null until an agent has bound itself. */
  readonly agentFingerprint: string | null;
  /** Accepted beside the other one until the first link with it. */
  readonly nextFingerprint: string | null;
  /** The newest of this server's own keys that the agent, or the unused EDGE_KEY, is known to accept; null for the first one. */
  readonly serverFingerprint: string | null;
  readonly boundAtMs: number | null;
  readonly rotatedAtMs: number | null;
  readonly agentProduct: string | null;
  /** When a link was last known to be up. */
  readonly lastSeenAtMs: number | null;
  /** Oldest first, of both sides. */
  readonly ends: readonly LinkEndNote[];
}

export interface BindingStore {
  list(): Promise<LinkBinding[]>;
  /** Inserts or replaces them whole, all in one transaction; those of environments that are gone are left out. */
  putAll(bindings: readonly LinkBinding[]): Promise<void>;
}

/** A word that environments are told apart by: production, eu. */
export interface TagRecord {
  readonly id: number;
  readonly name: string;
}

export interface TagStore {
  list(): Promise<TagRecord[]>;
  /** Rejects with Fault conflict when the name is taken. */
  insert(name: string): Promise<TagRecord>;
  remove(id: number): Promise<void>;
}

export interface TeamRecord {
  readonly id: number;
  readonly name: string;
}

/** 1 leader, 2 member: the numbers of Portainer's REST API. */
export type TeamRole = 1 | 2;

export interface MembershipRecord {
  readonly id: number;
  readonly userId: number;
  readonly teamId: number;
  readonly role: TeamRole;
}

export interface TeamStore {
  list(): Promise<TeamRecord[]>;
  /** Rejects with Fault conflict when the name is taken. */
  insert(name: string): Promise<TeamRecord>;
  /** Rejects with Fault conflict when the name is taken. */
  rename(id: number, name: string): Promise<void>;
  /** Removes its memberships too, as the removal of a user does. */
  remove(id: number): Promise<void>;
  listMemberships(): Promise<MembershipRecord[]>;
  /** Rejects with Fault conflict when the user is in the team. */
  insertMembership(membership: Omit<MembershipRecord, 'id'>): Promise<MembershipRecord>;
  changeMembership(id: number, role: TeamRole): Promise<void>;
  removeMembership(id: number): Promise<void>;
}

/** A row of the audit trail; `entry` is JSON text, `hash` covers it and every row before. */
export interface AuditRow {
  /** From 1 on, without a hole. */
  readonly sequence: number;
  readonly atMs: number;
  readonly entry: string;
  readonly hash: string;
}

/** Rows that are only ever added. */
export interface AuditStore {
  last(): Promise<AuditRow | undefined>;
  /** The signed head after the last row; undefined before the first. */
  head(): Promise<string | undefined>;
  /** Adds at least one row and its head, all or nothing. */
  append(rows: readonly AuditRow[], head: string): Promise<void>;
  /** In order, from the row after this one on. */
  after(sequence: number, limit: number): Promise<AuditRow[]>;
  /** The newest first, from the row before this one on. */
  before(sequence: number, limit: number): Promise<AuditRow[]>;
}

/** Fingerprints of agents' certificates, accepted at first contact. */
export interface PinStore {
  get(environmentId: number): Promise<string | undefined>;
  set(environmentId: number, fingerprint: string): Promise<void>;
  remove(environmentId: number): Promise<void>;
}

/** Problems as they were last told; those of a removed environment go with it. */
export interface ProblemStore {
  /** Rows that make no sense are left out. */
  list(): Promise<Problem[]>;
  /** Inserts, replaces and deletes, all in one transaction; those of environments that are gone are left out. */
  save(changed: readonly Problem[], goneIds: readonly string[]): Promise<void>;
}

/** Who works on which environment; that of a removed environment goes with it. */
export interface MaintenanceStore {
  list(): Promise<{ readonly environmentId: number; readonly maintenance: Maintenance }[]>;
  /** Inserts or replaces. */
  put(environmentId: number, maintenance: Maintenance): Promise<void>;
  remove(environmentId: number): Promise<void>;
}

/** Single values: the instance id and the secrets this server made for itself. */
export interface SettingStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

export interface Store extends AsyncDisposable {
  /** The number of the newest migration applied. */
  readonly schemaVersion: number;
  readonly settings: SettingStore;
  readonly users: UserStore;
  readonly apiKeys: ApiKeyStore;
  readonly revocations: RevocationStore;
  readonly secondFactors: SecondFactorStore;
  readonly identities: IdentityStore;
  readonly environments: EnvironmentStore;
  readonly pins: PinStore;
  readonly bindings: BindingStore;
  readonly tags: TagStore;
  readonly problems: ProblemStore;
  readonly maintenance: MaintenanceStore;
  readonly teams: TeamStore;
  readonly groups: GroupStore;
  readonly controls: ControlStore;
  readonly audit: AuditStore;
  /** Writes a copy of the whole database, as it is at this moment, into a new file; others go on meanwhile. */
  copyTo(path: string): Promise<void>;
  /**
   * Replaces every sealed text by what `change` makes of its base64, and sets the setting by which the key is known: all in
   * one transaction, which what `change` throws undoes.
   */
  reseal(
    change: (sealed: string) => string,
    keyCheck: { readonly name: string; readonly value: string },
  ): Promise<void>;
}
