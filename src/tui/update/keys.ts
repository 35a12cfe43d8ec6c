/** Who gets a key: the dialog, else the prompt, else the bindings of the screen on top. */
import { hintOf } from '../model/binding.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { seeMessages } from '../model/message.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { bindingOf } from '../screens/keymap.ts';
import { isBelowFloor } from '../screens/layout.ts';
import { pressOf } from '../screens/press.ts';
import { onDialogKey } from './dialog.ts';
import { editFilled } from './form.ts';
import { onMenuKey } from './menu.ts';
import { onPromptKey, onPromptText } from './prompt.ts';
import { say } from './say.ts';

/** What may be pressed on a terminal too small to show a question. */
const BLIND_KEYS = new Set(['esc', 'Q', 'ctrl-c', 'ctrl-z', 'ctrl-l']);

type KeyEvent = Extract<OutsideEvent, { kind: 'key' }>;
/** How a key's intent is carried out; handed in, since help runs keys too. */
export type Carry = (state: AppState, intent: Intent) => Step;

/** The step a key press leads to. */
export function onKey(state: AppState, key: KeyEvent, carry: Carry): Step {
  const seen = { ...state, messages: seeMessages(state.messages, key.atMs) };
  const isBlind = isBelowFloor(state.size) && !state.settings.isLinear;
  if (isBlind && !BLIND_KEYS.has(key.name)) return stay(seen);
  if (state.dialog) return onDialogKey(seen, state.dialog, key, carry);
  if (state.menu) return onMenuKey(seen, state.menu, key, carry);
  if (key.name === 'ctrl-c') return carry(seen, { kind: 'interrupt' });
  if (state.prompt) return onPromptKey(seen, state.prompt, key, carry);
  const edited = inForm(seen, key);
  return edited ? stay(edited) : onBoundKey(seen, key.name, carry);
}

/** In a form letters are text; undefined when the key edits nothing there. */
function inForm(state: AppState, key: { name: string; text?: string }): AppState | undefined {
  const screen = topScreen(state);
  return screen.kind === 'form' ? editFilled(state, screen, key) : undefined;
}

/** The step of a key by the bindings of the screen on top; one that is off now says why. */
export function onBoundKey(state: AppState, name: string, carry: Carry): Step {
  const binding = bindingOf(state, topScreen(state).kind, name);
  if (!binding) return stay(state);
  const pressed = pressOf(state, binding);
  if (typeof pressed === 'string') {
    // Of a label what stands before it goes into detail.
    const what = hintOf(binding, state) ?? binding.label.split(/[;:(]/u)[0]?.trim();
    return say(state, 'warning', `Can't ${what}: ${pressed}.`);
  }
  return carry(state, pressed);
}

/** Pasted text goes into an open prompt or form and nowhere else: it must never be read as commands. */
export function onPaste(state: AppState, text: string): Step {
  if (state.dialog || state.menu) return stay(state);
  if (!state.prompt) return stay(inForm(state, { name: 'paste', text: text.trim() }) ?? state);
  return onPromptText(state, state.prompt, text);
}
