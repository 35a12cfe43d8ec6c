/** `:password` and `:second-factor on|off|codes`. */
import type { AccountDeed } from '../model/account-event.ts';
import type { Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import type { AppState } from '../model/state.ts';

const FACTOR_DEEDS: Readonly<Record<string, AccountDeed>> = {
  on: 'second-factor-on',
  off: 'second-factor-off',
  codes: 'recovery-codes',
};

function change({ serverUrl }: AppState, deed: AccountDeed | undefined): Intent | string {
  if (serverUrl === undefined) return 'There is no server behind this console, hence no account.';
  return deed ? { kind: 'change-account', deed } : 'It is :second-factor on, off or codes.';
}

export const ACCOUNT_COMMANDS: readonly Command[] = [
  {
    names: ['password'],
    label: 'change your password at the server',
    run: (state) => change(state, 'password'),
  },
  {
    names: ['second-factor'],
    argument: 'on|off|codes',
    label: 'codes of an authenticator app beside your password',
    run: (state, argument) => change(state, FACTOR_DEEDS[argument || 'on']),
  },
];
