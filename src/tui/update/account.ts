/** Changing the own account: the console steps aside for the conversation, and says afterwards what came of it. */
import type { AccountChanged, AccountDeed, ChangeAccount } from '../model/account-event.ts';
import type { AppState, Step } from '../model/state.ts';
import { say } from './say.ts';

const DONE: Readonly<Record<AccountDeed, string>> = {
  password: 'The password is changed; this console goes on with its key.',
  'second-factor-on': 'The second factor is on: signing in asks for a code from now on.',
  'second-factor-off': 'The second factor is off.',
  'recovery-codes': 'The old recovery codes are good no more.',
};

/** The step of asking for it. */
export function changeAccount(state: AppState, { deed }: ChangeAccount): Step {
  return { state, effects: [{ kind: 'change-account', deed }] };
}

/** The step of its end. */
export function onAccountChanged(state: AppState, { deed, isDone }: AccountChanged): Step {
  return isDone
    ? say(state, 'done', DONE[deed])
    : say(state, 'warning', 'Nothing of the account was changed.');
}
