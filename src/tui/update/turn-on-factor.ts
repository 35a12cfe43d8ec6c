/** The second factor that a server requires before somebody is signed in: its secret, its first code, its recovery codes. */
import type { OutsideEvent } from '../model/event.ts';
import { factorForm, type RecoveryCodesScreen } from '../model/factor-form.ts';
import { openedForm, withoutSecrets } from '../model/form.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { said } from './say.ts';
import { leaveShownOnce } from './shown-once.ts';
import { awaitedForm } from './sign-in.ts';
import { openScreen, replaceScreen } from './stack.ts';

type EventOf<Kind extends OutsideEvent['kind']> = Extract<OutsideEvent, { kind: Kind }>;

/** The form for signing in becomes the one that turns the factor on. */
export function onFactorBegun(
  state: AppState,
  { requestId, secret, picture }: EventOf<'factor-begun'>,
): Step {
  const screen = awaitedForm(state, requestId);
  if (!screen) return stay(state);
  const { isAscii, isLinear } = state.settings;
  const form = factorForm(secret, isAscii || isLinear ? undefined : picture);
  return stay(replaceScreen(state, screen, openedForm(form)));
}

/** Recovery codes are shown even where the form was left meanwhile: they are told only this once. */
export function onFactorConfirmed(
  state: AppState,
  { requestId, answer }: EventOf<'factor-confirmed'>,
): Step {
  const screen = awaitedForm(state, requestId);
  if (!('recoveryCodes' in answer)) {
    if (!screen) return stay(state);
    const again = withoutSecrets({ ...screen, sending: undefined, problem: answer.why });
    return stay(replaceScreen(state, screen, again));
  }
  const { recoveryCodes: codes, why } = answer;
  const screens = state.screens.filter((other) => other !== screen);
  const told =
    why === undefined
      ? said({ ...state, screens }, 'done', 'The second factor is on. Signed in again.')
      : said({ ...state, screens }, 'error', `The second factor is on. :login signs in: ${why}`);
  return stay(openScreen(told, { kind: 'recovery-codes', codes, isCopied: false, top: 0 }));
}

/** Leaves the recovery codes; asks first when they were not copied. */
export function leaveCodes(state: AppState, screen: RecoveryCodesScreen): Step {
  return leaveShownOnce(state, screen, {
    title: 'Leave these codes?',
    lead: 'They are told only this once. :second-factor codes makes others.',
  });
}
