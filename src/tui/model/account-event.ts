/** The own account at the server: changed in a conversation on the plain terminal, for which the console steps aside. */

export type AccountDeed = 'password' | 'second-factor-on' | 'second-factor-off' | 'recovery-codes';

/** As Intent and as Effect. */
export interface ChangeAccount {
  readonly kind: 'change-account';
  readonly deed: AccountDeed;
}

/** The terminal is back. */
export interface AccountChanged {
  readonly kind: 'account-changed';
  readonly deed: AccountDeed;
  readonly isDone: boolean;
  readonly atMs: number;
}
