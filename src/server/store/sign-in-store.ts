/** What is kept of an account besides its password, for signing in. */

/** What makes the codes of an account's authenticator app. */
export interface SecondFactorRecord {
  readonly userId: number;
  /** Sealed. */
  readonly secret: string;
  /** Null until its owner has shown a code of it; it is asked for from then on. */
  readonly confirmedAt: number | null;
  /** The newest step of time of which a code was used. */
  readonly lastStep: number;
}

export interface SecondFactorStore {
  get(userId: number): Promise<SecondFactorRecord | undefined>;
  /** The users whose factor is confirmed. */
  listConfirmed(): Promise<number[]>;
  /** Puts an unconfirmed one in the place of what was there. */
  begin(userId: number, secret: string): Promise<void>;
  confirm(userId: number, atS: number): Promise<void>;
  /** False when this step or a later one was used before; of two at once one wins. */
  useStep(userId: number, step: number): Promise<boolean>;
  /** These recovery codes and no others are good from now on. */
  putRecoveryCodes(userId: number, digests: readonly string[]): Promise<void>;
  countRecoveryCodes(userId: number): Promise<number>;
  /** False when there is no such code (any more); of two at once one wins. */
  useRecoveryCode(userId: number, digest: string): Promise<boolean>;
  /** With its recovery codes, as the removal of its user does. */
  remove(userId: number): Promise<void>;
}

/** Which account somebody is whom an OIDC provider vouches for. */
export interface IdentityStore {
  /** The account's id. */
  find(issuer: string, subject: string): Promise<number | undefined>;
  /** Rejects with Fault conflict when that somebody is an account already. */
  bind(issuer: string, subject: string, userId: number): Promise<void>;
  /** Whether anybody is this account. */
  isBound(userId: number): Promise<boolean>;
}
