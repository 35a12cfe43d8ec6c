/** Signing in again where the server has refused the saved key: what lay open stays open below and goes on afterwards. */

import { DEAF_FOR_MS } from '../model/dialog.ts';
import type { Effect, Intent, OutsideEvent } from '../model/event.ts';
import { editPrompt, type TextLine, typeInto } from '../model/prompt.ts';
import { type SignInScreen, signInFields, signInForm } from '../model/sign-in.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { said } from './say.ts';
import { replaceScreen, replaceTop } from './stack.ts';

const EMPTY: TextLine = { text: '', at: 0 };

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

/** Another user may have no second factor: the server is asked anew. */
function withLine(screen: SignInScreen, line: TextLine): SignInScreen {
  const next = { ...screen, problem: undefined, [screen.focus]: line };
  return screen.focus === 'username' ? { ...next, asksCode: false, code: EMPTY } : next;
}

/** What the keys of the form lead to. */
export function onSignInIntent(
  state: AppState,
  screen: SignInScreen,
  intent: Extract<Intent, { kind: 'next-field' | 'submit' | 'provider-sign-in' | 'copy' }>,
): Step {
  const { invitation, sending } = screen;
  if (intent.kind === 'copy') {
    if (invitation === undefined) return stay(state);
    return { state, effects: [{ kind: 'copy', text: invitation.completeAddress }] };
  }
  if (sending !== undefined) return stay(state);
  switch (intent.kind) {
    case 'next-field':
      return stay(replaceTop(state, withNextField(screen, intent.by)));
    case 'provider-sign-in':
      return sent(state, screen, (requestId) => ({ kind: 'provider-sign-in', requestId }));
    case 'submit':
      return submit(state, screen);
  }
}

function withNextField(screen: SignInScreen, by: 1 | -1): SignInScreen {
  const fields = signInFields(screen);
  const at = fields.indexOf(screen.focus) + by;
  return { ...screen, focus: fields[(at + fields.length) % fields.length] ?? 'username' };
}

function submit(state: AppState, screen: SignInScreen): Step {
  const username = screen.username.text.trim();
  const password = screen.password.text;
  const code = screen.code.text.trim();
  const texts = { username, password, code };
  const empty = signInFields(screen).find((field) => texts[field] === '');
  if (empty !== undefined) return stay(replaceTop(state, { ...screen, focus: empty }));
  return sent(state, screen, (requestId) => ({ kind: 'sign-in', requestId, ...texts }));
}

function sent(
  state: AppState,
  screen: SignInScreen,
  effectOf: (requestId: number) => Effect,
): Step {
  const requestId = state.nextId;
  const next: SignInScreen = { ...screen, sending: requestId, problem: undefined };
  return {
    state: { ...replaceTop(state, next), nextId: requestId + 1 },
    effects: [effectOf(requestId)],
  };
}

/** The state that says how to agree at the provider. */
export function onInvited(
  state: AppState,
  { requestId, invitation }: Extract<OutsideEvent, { kind: 'sign-in-invited' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'sign-in');
  if (screen?.sending !== requestId) return stay(state);
  return stay(replaceScreen(state, screen, { ...screen, invitation }));
}

/** The step of the server's answer: the form closes, or asks for the code, or says what is wrong and forgets the password. */
export function onSignedIn(
  state: AppState,
  { requestId, why, asksCode }: Extract<OutsideEvent, { kind: 'signed-in' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'sign-in');
  if (screen?.sending !== requestId) return stay(state);
  if (why === undefined) {
    const screens = state.screens.filter((other) => other !== screen);
    return stay(said({ ...state, screens }, 'done', 'Signed in again.'));
  }
  const ended = { ...screen, sending: undefined, invitation: undefined, problem: why, code: EMPTY };
  const again: SignInScreen = asksCode
    ? { ...ended, asksCode, focus: 'code' }
    : { ...ended, password: EMPTY, focus: 'password' };
  return stay(replaceScreen(state, screen, again));
}

/** The step of asking for the form by hand. */
export function openSignIn(state: AppState): Step {
  const asked = withSignIn(state);
  return stay(topScreen(asked).kind === 'sign-in' ? asked : state);
}
