/** A form: what its keys do, typing into it, and what it means when it is sent. */

import { DEAF_FOR_MS } from '../model/dialog.ts';
import type { Intent } from '../model/event.ts';
import {
  type Field,
  type FormScreen,
  fieldsOf,
  focusedField,
  valuesOf,
  withField,
  withFound,
  withNextFocus,
  withNextOption,
} from '../model/form.ts';
import type { KeyMadeScreen } from '../model/key-made.ts';
import { editPrompt, typeInto } from '../model/prompt.ts';
import { isSignIn } from '../model/sign-in.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { addEnvironment, onAddedIntent } from './add-environment.ts';
import { beginMaintenance } from './maintenance.ts';
import { askDeed } from './people.ts';
import { say } from './say.ts';
import { sendForm } from './send-form.ts';
import { leaveShownOnce } from './shown-once.ts';
import { closeScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

type FormIntent = Extract<Intent, { kind: 'next-field' | 'submit' | 'next-way' | 'copy' }>;

/** What the keys of every form lead to, and those of what is shown of an answer. */
export const FORM_STEPS: IntentSteps<FormIntent['kind']> = {
  'next-field': onFormIntent,
  submit: onFormIntent,
  'next-way': onFormIntent,
  copy: onFormIntent,
};

function onFormIntent(state: AppState, intent: FormIntent): Step {
  const screen = topScreen(state);
  switch (screen.kind) {
    case 'form':
      return onFilledForm(state, screen, intent);
    case 'environment-added':
      return onAddedIntent(state, screen, intent);
    default:
      return stay(state);
  }
}

function onFilledForm(state: AppState, screen: FormScreen, intent: FormIntent): Step {
  if (intent.kind === 'copy' && screen.invitation) {
    return { state, effects: [{ kind: 'copy', text: screen.invitation.completeAddress }] };
  }
  if (!isOpen(state, screen)) return stay(state);
  if (intent.kind === 'next-field')
    return stay(replaceTop(state, withNextFocus(screen, intent.by)));
  return intent.kind === 'submit' ? submit(state, screen) : stay(state);
}

/** Whether keys mean the form: nothing is under way, and it did not appear this very moment. */
const isOpen = ({ nowMs }: AppState, { sending, openedAtMs }: FormScreen): boolean =>
  sending === undefined && (openedAtMs === undefined || nowMs - openedAtMs >= DEAF_FOR_MS);

function submit(state: AppState, screen: FormScreen): Step {
  const { form } = screen;
  const deed = form.read(valuesOf(form), state.nowMs);
  if ('sentence' in deed) {
    const at = fieldsOf(form).findIndex(({ name }) => name === deed.field);
    const focus = at < 0 ? screen.focus : at;
    return stay(replaceTop(state, { ...screen, focus, problem: deed.sentence }));
  }
  switch (deed.kind) {
    case 'add-environment':
      return addEnvironment(state, screen, deed.draft);
    case 'maintain':
      return beginMaintenance(state, screen, deed);
    case 'sign-in':
    case 'key-sign-in':
    case 'provider-sign-in':
    case 'confirm-factor':
      return sendForm(state, screen, (requestId) => ({ ...deed, requestId }));
    default:
      return stay(askDeed(state, deed));
  }
}

/** The state with another option of the choice that has the focus. */
export function chooseOption(state: AppState, by: 1 | -1): AppState {
  const screen = topScreen(state);
  const field = screen.kind === 'form' ? focusedField(screen) : undefined;
  if (screen.kind !== 'form' || field?.kind !== 'choice' || !isOpen(state, screen)) return state;
  return replaceTop(state, withField(screen, withNextOption(field, by)));
}

/** The state after a key that edits the form; undefined when the key edits nothing there. */
export function editFilled(
  state: AppState,
  screen: FormScreen,
  key: { readonly name: string; readonly text?: string },
): AppState | undefined {
  const field = focusedField(screen);
  if (!field || screen.sending !== undefined) return undefined;
  const edited = editedField(field, key);
  if (edited && !isOpen(state, screen)) return state;
  return edited && replaceTop(state, withField(screen, edited));
}

function editedField(
  field: Field,
  { name, text }: { readonly name: string; readonly text?: string },
): Field | undefined {
  if (field.kind === 'choice') {
    if (name === 'backspace') return { ...field, find: '' };
    return text === undefined || name === 'space' ? undefined : withFound(field, text);
  }
  const line =
    editPrompt(field.line, name) ?? (text === undefined ? undefined : typeInto(field.line, text));
  return line && { ...field, line };
}

/** Leaves the form; what is on its way to the server can't be called back. */
export function leaveFilled(state: AppState, screen: FormScreen): Step {
  const closed = closeScreen(state);
  const isHarmless = screen.sending === undefined || screen.invitation !== undefined;
  if (isHarmless || isSignIn(screen)) return stay(closed);
  return say(closed, 'warning', 'The server may do it all the same: look in the list.');
}

/** Leaves a key that is shown only once; asks first when it was not copied. */
export function leaveKey(state: AppState, screen: KeyMadeScreen): Step {
  return leaveShownOnce(state, screen, {
    title: 'Leave this key?',
    lead: `The key ${screen.description} is told only this once. Without it, make another.`,
  });
}
