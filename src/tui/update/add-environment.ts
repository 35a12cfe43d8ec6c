/** The form for a new environment: its keys, sending it off, and what the server answers. */
import type { CopyOutcome, Intent, OutsideEvent } from '../model/event.ts';
import { placeCursor } from '../model/list-cursor.ts';
import {
  type AddedScreen,
  type AddScreen,
  addedScreen,
  draftOf,
  editedLine,
  emptyForm,
  withEditedLine,
  withNextField,
  withNextWay,
  withOtherKind,
} from '../model/new-environment.ts';
import { editPrompt, typeInto } from '../model/prompt.ts';
import { startCommand } from '../model/start-command.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { onFilledForm } from './form.ts';
import { said, say } from './say.ts';
import { leaveShownOnce } from './shown-once.ts';
import { onSignInIntent } from './sign-in.ts';
import { closeScreen, openScreen, replaceScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

type FormIntent = Extract<
  Intent,
  {
    kind:
      | 'open-add'
      | 'next-field'
      | 'other-kind'
      | 'submit'
      | 'next-way'
      | 'provider-sign-in'
      | 'copy';
  }
>;

/** What the keys of the form and of the answer lead to. */
export const FORM_STEPS: IntentSteps<FormIntent['kind']> = {
  'open-add': (state) => stay(openForm(state)),
  'next-field': onFormIntent,
  'other-kind': onFormIntent,
  submit: onFormIntent,
  'next-way': onFormIntent,
  'provider-sign-in': onFormIntent,
  copy: onFormIntent,
};

function onFormIntent(state: AppState, intent: FormIntent): Step {
  const screen = topScreen(state);
  const isSigning = screen.kind === 'sign-in';
  if (isSigning && isOfSignIn(intent)) return onSignInIntent(state, screen, intent);
  if (screen.kind === 'form' && (intent.kind === 'submit' || intent.kind === 'next-field'))
    return onFilledForm(state, screen, intent);
  if (screen.kind === 'add-environment') return onForm(state, screen, intent);
  return screen.kind === 'environment-added' ? onAnswer(state, screen, intent) : stay(state);
}

function isOfSignIn(intent: FormIntent): intent is Parameters<typeof onSignInIntent>[2] {
  return ['submit', 'next-field', 'provider-sign-in', 'copy'].includes(intent.kind);
}

function openForm(state: AppState): AppState {
  if (state.serverUrl === undefined) return state;
  return openScreen(state, emptyForm(state.serverUrl));
}

function onForm(state: AppState, screen: AddScreen, intent: FormIntent): Step {
  if (screen.sending !== undefined) return stay(state);
  switch (intent.kind) {
    case 'next-field':
      return stay(replaceTop(state, withNextField(screen, intent.by)));
    case 'other-kind':
      return stay(replaceTop(state, withOtherKind(screen)));
    case 'submit':
      return submit(state, screen);
    default:
      return stay(state);
  }
}

function submit(state: AppState, screen: AddScreen): Step {
  const draft = draftOf(screen);
  if ('sentence' in draft) {
    const { field, sentence } = draft;
    return stay(replaceTop(state, { ...screen, focus: field, problem: sentence }));
  }
  const requestId = state.nextId;
  const next: AddScreen = { ...screen, sending: requestId, problem: undefined };
  return {
    state: { ...replaceTop(state, next), nextId: requestId + 1 },
    effects: [{ kind: 'add-environment', requestId, draft }],
  };
}

/** The state after a key that edits the form, or undefined when the key edits nothing. */
export function editForm(
  state: AppState,
  screen: AddScreen,
  key: { readonly name: string; readonly text?: string },
): AppState | undefined {
  const line = editedLine(screen);
  if (!line || screen.sending !== undefined) return undefined;
  const typed = key.text === undefined ? undefined : typeInto(line, key.text);
  const edited = editPrompt(line, key.name) ?? typed;
  return edited ? replaceTop(state, withEditedLine(screen, edited)) : undefined;
}

/** The step of the server's answer: what an edge agent needs is shown, a direct agent is simply there; a refusal keeps the form. */
export function onEnvironmentAdded(
  state: AppState,
  { requestId, answer }: Extract<OutsideEvent, { kind: 'environment-added' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'add-environment');
  if (screen?.sending !== requestId) return stay(state);
  if ('why' in answer) {
    const form: AddScreen = { ...screen, sending: undefined, problem: answer.why };
    return stay(replaceScreen(state, screen, form));
  }
  const draft = draftOf(screen);
  if ('sentence' in draft) return stay(state);
  const told = said(state, 'done', `Added ${draft.name} as environment ${answer.environmentId}.`);
  if (answer.edgeKey !== undefined) {
    return stay(replaceScreen(told, screen, addedScreen(draft, answer)));
  }
  const closed = { ...told, screens: told.screens.filter((other) => other !== screen) };
  return stay(selected(closed, answer.environmentId));
}

/** The cursor goes to the new one if the feed has told of it already. */
function selected(state: AppState, environmentId: number): AppState {
  const list = state.environments;
  const at = list.order.indexOf(environmentId);
  if (at < 0) return state;
  return { ...state, environments: { ...list, cursor: placeCursor(list.cursor, list.order, at) } };
}

function onAnswer(state: AppState, screen: AddedScreen, intent: FormIntent): Step {
  switch (intent.kind) {
    case 'next-way':
      return stay(replaceTop(state, withNextWay(screen, intent.by)));
    case 'copy':
      return { state, effects: [{ kind: 'copy', text: startCommand(screen, screen.way) }] };
    default:
      return stay(state);
  }
}

/** Leaves the form; what is on its way to the server can't be called back. */
export function leaveForm(state: AppState, screen: AddScreen): Step {
  const closed = closeScreen(state);
  if (screen.sending === undefined) return stay(closed);
  const name = screen.name.text.trim();
  return say(
    closed,
    'warning',
    `The server may have added ${name} all the same: look in the list.`,
  );
}

/** Leaves a command that is shown only once; asks first when it was not copied. */
export function leaveAdded(state: AppState, screen: AddedScreen): Step {
  return leaveShownOnce(state, screen, {
    title: 'Leave this command?',
    lead: `The server tells EDGE_ID only this once. Without it no agent can join as ${screen.name}.`,
  });
}

/** The step of a copy's outcome. What was copied is never said. */
export function onCopied(state: AppState, outcome: CopyOutcome): Step {
  const screen = topScreen(state);
  if (outcome !== 'sent') return say(state, 'warning', COPY_FAILURES[outcome]);
  const words = "Sent to the terminal's clipboard (OSC 52). Paste it to see whether it arrived.";
  const isShownOnce = screen.kind === 'environment-added' || screen.kind === 'key-made';
  const next = isShownOnce ? replaceTop(state, { ...screen, isCopied: true }) : state;
  return say(next, 'info', words);
}

const COPY_FAILURES = {
  'too-long': "This is too long for the terminal's clipboard; select it with the mouse.",
  'no-clipboard': 'This terminal has no clipboard to copy to; select the text with the mouse.',
} as const;
