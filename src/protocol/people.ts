/** Who works with a server: users, teams, access and API keys, and the changes of them that a person can ask for, as data. */
import type { FactorStanding, RequiredOf } from './required-factor.ts';

/** A user, a team or a place: what it is known by. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface Person extends Named {
  readonly isAdministrator: boolean;
}

export interface Membership {
  readonly id: number;
  readonly userId: number;
  readonly teamId: number;
  readonly isLeader: boolean;
}

export interface AccessKey {
  readonly id: number;
  readonly description: string;
  /** In unix seconds; 0 when it was never used. */
  readonly createdAtS: number;
  readonly lastUsedAtS: number;
  /** In unix seconds; null: never. */
  readonly endsAtS: number | null;
}

/** An environment, or a group of them. */
export interface Place extends Named {
  readonly of: 'environment' | 'group';
}

/** Who has which role (a number of permission.ts) in a place. */
export interface Access {
  readonly place: Place;
  readonly users: ReadonlyMap<number, number>;
  readonly teams: ReadonlyMap<number, number>;
}

export interface Directory {
  readonly users: readonly Person[];
  readonly teams: readonly Named[];
  readonly memberships: readonly Membership[];
  /** Of the place that was asked for. */
  readonly access?: Access;
  /** Of the account that was asked for. */
  readonly keys?: readonly AccessKey[];
  /** With these: whether people sign in to the server by an OIDC provider, too. */
  readonly hasProvider?: boolean;
  /** With everybody: whose second factor is required; only administrators are told. */
  readonly factors?: FactorStanding;
}

export type DirectoryWish =
  | { readonly kind: 'people' }
  /** Without an id the group is looked for by its name. */
  | {
      readonly kind: 'access';
      readonly of: Place['of'];
      readonly name: string;
      readonly id?: number;
    }
  | { readonly kind: 'keys'; readonly userId: number };

export interface Member {
  readonly kind: 'user' | 'team';
  readonly id: number;
  readonly name: string;
}

/** A change, finished: it carries names only for sentences. Passwords in it are sent and kept nowhere. */
export type PeopleDeed =
  | {
      readonly kind: 'create-user';
      readonly name: string;
      readonly password: string;
      readonly isAdministrator: boolean;
    }
  | { readonly kind: 'set-role'; readonly user: Named; readonly isAdministrator: boolean }
  | { readonly kind: 'set-password'; readonly user: Named; readonly password: string }
  | { readonly kind: 'delete-user'; readonly user: Named }
  | { readonly kind: 'create-team'; readonly name: string }
  | { readonly kind: 'delete-team'; readonly team: Named }
  | {
      readonly kind: 'join-team';
      readonly team: Named;
      readonly user: Named;
      readonly isLeader: boolean;
    }
  | {
      readonly kind: 'set-leader';
      readonly membershipId: number;
      readonly team: Named;
      readonly user: Named;
      readonly isLeader: boolean;
    }
  | {
      readonly kind: 'leave-team';
      readonly membershipId: number;
      readonly team: Named;
      readonly user: Named;
    }
  /** A role of null takes the access away. */
  | {
      readonly kind: 'set-access';
      readonly place: Place;
      readonly member: Member;
      readonly roleId: number | null;
    }
  /**
   * A key can't make another: the password is the account's, the code its second factor's, where it has one. Without a
   * password somebody agrees at the OIDC provider.
   */
  | {
      readonly kind: 'create-key';
      readonly user: Named;
      readonly password?: string;
      readonly code?: string;
      readonly description: string;
      readonly endsAtS: number | null;
    }
  | { readonly kind: 'require-factor'; readonly of: RequiredOf }
  | { readonly kind: 'delete-key'; readonly user: Named; readonly key: AccessKey };

/** What a deed answers besides that it was done. */
export interface DeedAnswer {
  /** A new API key, told only this once. */
  readonly secret?: string;
}

/** Why a deed was not done, as a sentence. */
export interface DeedRefusal {
  readonly why: string;
  /** The server wants the code of the second factor, or another one. */
  readonly asksCode?: boolean;
}
