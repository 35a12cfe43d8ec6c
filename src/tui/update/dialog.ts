/** Keys while a question is open: none in its first moments, then focus, choices, answer, or typing the phrase. */
import {
  type Choice,
  choicesOf,
  chosenAt,
  DEAF_FOR_MS,
  type Dialog,
  isUnlocked,
  planLength,
} from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { shownOfPlan } from '../screens/dialog-box.ts';

type KeyEvent = Extract<OutsideEvent, { kind: 'key' }>;

const NEXT = new Set(['tab', 'shift-tab', 'left', 'right', 'up', 'down']);
const SIDES: Readonly<Record<string, 1 | -1>> = { left: -1, right: 1 };
const PAGES: Readonly<Record<string, 1 | -1>> = { pgup: -1, pgdn: 1 };
const ROWS: Readonly<Record<string, 1 | -1>> = { up: -1, down: 1 };

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
  const scrolled = scrolledPlan(state, dialog, name);
  if (scrolled) return stay(withDialog(state, scrolled));
  if (NEXT.has(name)) return stay(withDialog(state, moved(dialog, name)));
  if (name === 'enter') {
    if (dialog.focus === 'cancel') return stay(closed);
    if (dialog.focus !== 'ok') return stay(withDialog(state, { ...dialog, focus: 'cancel' }));
    return isUnlocked(dialog) ? carry(closed, dialog.onOk) : stay(state);
  }
  if (dialog.level === 'phrase') return stay(withDialog(state, typed(dialog, key)));
  if (name === 'n' || name === 'q') return stay(closed);
  return name === 'y' && dialog.level === 'yes' ? carry(closed, dialog.onOk) : stay(state);
}

function withDialog(state: AppState, dialog: Dialog): AppState {
  return { ...state, dialog };
}

/** The dialog with another part of a long plan; undefined when the key is not for that: where there are choices, up and down go to them. */
function scrolledPlan(state: AppState, dialog: Dialog, key: string): Dialog | undefined {
  const isLine = ROWS[key] !== undefined && choicesOf(dialog).length === 0;
  if (!isLine && PAGES[key] === undefined) return undefined;
  const shown = shownOfPlan(state, dialog);
  const lowest = planLength(dialog) - shown;
  if (lowest === 0) return isLine ? undefined : dialog;
  const by = isLine ? (ROWS[key] ?? 0) : (PAGES[key] ?? 0) * Math.max(1, shown - 1);
  const planTop = Math.max(0, Math.min(lowest, (dialog.planTop ?? 0) + by));
  return { ...dialog, planTop };
}

/** Up and down go over the rows of choices and the buttons below them, left and right change what has the focus. */
function moved(dialog: Dialog, key: string): Dialog {
  const choices = choicesOf(dialog);
  const at = choices.findIndex(({ name }) => name === dialog.focus);
  const choice = choices[at];
  const side = SIDES[key];
  if (choice && side !== undefined) return chosen(dialog, choice, side);
  const row = ROWS[key];
  if (row === undefined || choices.length === 0) return refocused(dialog);
  const rows = choices.length + 1;
  const next = ((at < 0 ? choices.length : at) + row + rows) % rows;
  return { ...dialog, focus: choices[next]?.name ?? 'cancel' };
}

function chosen(dialog: Dialog, choice: Choice, by: 1 | -1): Dialog {
  const { onOk } = dialog;
  if (onOk.kind !== 'run') return dialog;
  const last = choice.options.length - 1;
  const at = Math.max(0, Math.min(last, chosenAt(choice, onOk.how) + by));
  return { ...dialog, onOk: { ...onOk, how: { ...onOk.how, ...choice.options[at]?.how } } };
}

function refocused(dialog: Dialog): Dialog {
  const wantsOk = dialog.focus !== 'ok' && isUnlocked(dialog);
  return { ...dialog, focus: wantsOk ? 'ok' : 'cancel' };
}

function typed(dialog: Dialog, key: KeyEvent): Dialog {
  if (key.name === 'backspace')
    return { ...dialog, typed: dialog.typed.slice(0, -1), focus: 'cancel' };
  if (key.name === 'ctrl-u') return { ...dialog, typed: '', focus: 'cancel' };
  const text = (dialog.typed + (key.text ?? '')).slice(0, 200);
  return { ...dialog, typed: text, focus: text === dialog.phrase ? dialog.focus : 'cancel' };
}
