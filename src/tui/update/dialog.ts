/** Keys while a question is open: none in its first moments, then focus, answer, or typing the phrase. */
import { DEAF_FOR_MS, type Dialog, isUnlocked } from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay } from '../model/state.ts';

type KeyEvent = Extract<OutsideEvent, { kind: 'key' }>;

const NEXT = new Set(['tab', 'shift-tab', 'left', 'right', 'up', 'down']);

/** The step of a key that a dialog gets. */
export function onDialogKey(
  state: AppState,
  dialog: Dialog,
  key: KeyEvent,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  const { name } = key;
  if (key.atMs - dialog.openedAtMs < DEAF_FOR_MS) return stay(state);
  const closed: AppState = { ...state, dialog: undefined };
  if (name === 'esc' || name === 'ctrl-c') return stay(closed);
  if (NEXT.has(name)) return stay(withDialog(state, refocused(dialog)));
  if (name === 'enter') {
    if (dialog.focus === 'cancel') return stay(closed);
    return isUnlocked(dialog) ? carry(closed, dialog.onOk) : stay(state);
  }
  if (dialog.level === 'phrase') return stay(withDialog(state, typed(dialog, key)));
  if (name === 'n' || name === 'q') return stay(closed);
  return name === 'y' && dialog.level === 'yes' ? carry(closed, dialog.onOk) : stay(state);
}

function withDialog(state: AppState, dialog: Dialog): AppState {
  return { ...state, dialog };
}

function refocused(dialog: Dialog): Dialog {
  const wantsOk = dialog.focus === 'cancel' && isUnlocked(dialog);
  return { ...dialog, focus: wantsOk ? 'ok' : 'cancel' };
}

function typed(dialog: Dialog, key: KeyEvent): Dialog {
  if (key.name === 'backspace')
    return { ...dialog, typed: dialog.typed.slice(0, -1), focus: 'cancel' };
  if (key.name === 'ctrl-u') return { ...dialog, typed: '', focus: 'cancel' };
  const text = (dialog.typed + (key.text ?? '')).slice(0, 200);
  return { ...dialog, typed: text, focus: text === dialog.phrase ? dialog.focus : 'cancel' };
}
