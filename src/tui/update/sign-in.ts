/** Signing in again where the server has refused the saved key: what lay open stays open below and goes on afterwards. */
import type { OutsideEvent } from '../model/event.ts';
import { type FormScreen, withCodeField, withoutSecrets } from '../model/form.ts';
import { isSignIn, signInForm } from '../model/sign-in.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { said } from './say.ts';
import { replaceScreen } from './stack.ts';

/** The state that asks to sign in again, when the connection was refused and that can heal it. */
export function withSignIn(state: AppState): AppState {
  const { connection, screens, serverUrl, title, nowMs } = state;
  const canHeal = connection.kind === 'refused' && connection.signIn !== undefined;
  // The wall never asks anything; its clock line says that it was refused.
  if (!canHeal || topScreen(state).kind === 'wall') return state;
  if (screens.some(isSignIn)) return state;
  const form = signInForm(serverUrl ?? title, connection.signIn?.username ?? '', nowMs);
  return { ...state, prompt: undefined, dialog: undefined, screens: [...screens, form] };
}

/** The form whose answer is waited for. */
export const awaitedForm = (state: AppState, requestId: number): FormScreen | undefined =>
  state.screens.find(
    (other): other is FormScreen => other.kind === 'form' && other.sending === requestId,
  );

/** The state that says how to agree at the provider. */
export function onInvited(
  state: AppState,
  { requestId, invitation }: Extract<OutsideEvent, { kind: 'sign-in-invited' }>,
): Step {
  const screen = awaitedForm(state, requestId);
  return stay(screen ? replaceScreen(state, screen, { ...screen, invitation }) : state);
}

/** The step of the server's answer: the form closes, or asks for the code, or says what is wrong and forgets what is secret. */
export function onSignedIn(
  state: AppState,
  { requestId, why, asksCode }: Extract<OutsideEvent, { kind: 'signed-in' }>,
): Step {
  const screen = awaitedForm(state, requestId);
  if (!screen) return stay(state);
  if (why === undefined) {
    const screens = state.screens.filter((other) => other !== screen);
    return stay(said({ ...state, screens }, 'done', 'Signed in again.'));
  }
  const ended = { ...screen, sending: undefined, invitation: undefined, problem: why };
  const again = asksCode ? withCodeField(ended) : withoutSecrets(ended);
  return stay(replaceScreen(state, screen, again));
}

/** The step of asking for the form by hand. */
export function openSignIn(state: AppState): Step {
  return stay(withSignIn(state));
}
