/** Signing in again where the server has refused the saved key: what lay open stays open below and goes on afterwards. */

import { DEAF_FOR_MS } from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { editPrompt, type TextLine, typeInto } from '../model/prompt.ts';
import { type SignInScreen, signInForm } from '../model/sign-in.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { said } from './say.ts';
import { replaceScreen, replaceTop } from './stack.ts';

/** The state that asks to sign in again, when the connection was refused and that can heal it. */
export function withSignIn(state: AppState): AppState {
  const { connection, screens } = state;
  const canHeal = connection.kind === 'refused' && connection.signIn !== undefined;
  // The wall never asks anything; its clock line says that it was refused.
  if (!canHeal || topScreen(state).kind === 'wall') return state;
  if (screens.some(({ kind }) => kind === 'sign-in')) return state;
  const form = signInForm(connection.signIn?.username ?? '', state.nowMs);
  return { ...state, prompt: undefined, dialog: undefined, screens: [...screens, form] };
}

/** The state after a key that edits the form; undefined when the key edits nothing. */
export function editSignIn(
  state: AppState,
  screen: SignInScreen,
  key: { readonly name: string; readonly text?: string },
): AppState | undefined {
  if (screen.sending !== undefined) return undefined;
  const line = screen[screen.focus];
  const edited =
    editPrompt(line, key.name) ?? (key.text === undefined ? undefined : typeInto(line, key.text));
  if (!edited) return undefined;
  if (state.nowMs - screen.openedAtMs < DEAF_FOR_MS) return state;
  return replaceTop(state, withLine(screen, edited));
}

function withLine(screen: SignInScreen, line: TextLine): SignInScreen {
  return { ...screen, problem: undefined, [screen.focus]: line };
}

/** What the keys of the form lead to. */
export function onSignInIntent(
  state: AppState,
  screen: SignInScreen,
  intent: Extract<Intent, { kind: 'next-field' | 'submit' }>,
): Step {
  if (screen.sending !== undefined) return stay(state);
  const other = screen.focus === 'username' ? 'password' : 'username';
  if (intent.kind === 'next-field') return stay(replaceTop(state, { ...screen, focus: other }));
  const username = screen.username.text.trim();
  const password = screen.password.text;
  if (username === '') return stay(replaceTop(state, { ...screen, focus: 'username' }));
  if (password === '') return stay(replaceTop(state, { ...screen, focus: 'password' }));
  const requestId = state.nextId;
  const next: SignInScreen = { ...screen, sending: requestId, problem: undefined };
  return {
    state: { ...replaceTop(state, next), nextId: requestId + 1 },
    effects: [{ kind: 'sign-in', requestId, username, password }],
  };
}

/** The step of the server's answer: the form closes, or says what is wrong and forgets the password. */
export function onSignedIn(
  state: AppState,
  { requestId, why }: Extract<OutsideEvent, { kind: 'signed-in' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'sign-in');
  if (screen?.sending !== requestId) return stay(state);
  if (why === undefined) {
    const screens = state.screens.filter((other) => other !== screen);
    return stay(said({ ...state, screens }, 'done', 'Signed in again.'));
  }
  const password = { text: '', at: 0 };
  const again: SignInScreen = { ...screen, sending: undefined, problem: why, password };
  return stay(replaceScreen(state, screen, { ...again, focus: 'password' }));
}

/** The step of asking for the form by hand. */
export function openSignIn(state: AppState): Step {
  const asked = withSignIn(state);
  return stay(topScreen(asked).kind === 'sign-in' ? asked : state);
}
