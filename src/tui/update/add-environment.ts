/** The form for a new environment: opening it, sending it off, and what the server answers. */
import type { EnvironmentDraft } from '../../protocol/new-environment.ts';
import type { CopyOutcome, Intent, OutsideEvent } from '../model/event.ts';
import { type FormScreen, openedForm, valuesOf } from '../model/form.ts';
import { placeCursor } from '../model/list-cursor.ts';
import {
  type AddedScreen,
  addedScreen,
  newEnvironmentForm,
  withNextWay,
} from '../model/new-environment.ts';
import { startCommand } from '../model/start-command.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { said, say } from './say.ts';
import { sendForm } from './send-form.ts';
import { leaveShownOnce } from './shown-once.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';

/** Opens the form. */
export function openAdd(state: AppState): Step {
  if (state.serverUrl === undefined) return stay(state);
  return stay(openScreen(state, openedForm(newEnvironmentForm(state.serverUrl))));
}

/** Sends the form off. */
export function addEnvironment(state: AppState, screen: FormScreen, draft: EnvironmentDraft): Step {
  return sendForm(state, screen, (requestId) => ({ kind: 'add-environment', requestId, draft }));
}

/** The step of the server's answer: what an edge agent needs is shown, a direct agent is simply there; a refusal keeps the form. */
export function onEnvironmentAdded(
  state: AppState,
  { requestId, answer }: Extract<OutsideEvent, { kind: 'environment-added' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'form');
  if (screen?.sending !== requestId) return stay(state);
  if ('why' in answer) {
    const form: FormScreen = { ...screen, sending: undefined, problem: answer.why };
    return stay(replaceScreen(state, screen, form));
  }
  const deed = screen.form.read(valuesOf(screen.form), state.nowMs);
  if ('sentence' in deed || deed.kind !== 'add-environment') return stay(state);
  const { draft } = deed;
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

/** What the keys of the answer lead to. */
export function onAddedIntent(state: AppState, screen: AddedScreen, intent: Intent): Step {
  switch (intent.kind) {
    case 'next-way':
      return stay(replaceTop(state, withNextWay(screen, intent.by)));
    case 'copy':
      return { state, effects: [{ kind: 'copy', text: startCommand(screen, screen.way) }] };
    default:
      return stay(state);
  }
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
  const next = 'isCopied' in screen ? replaceTop(state, { ...screen, isCopied: true }) : state;
  return say(next, 'info', words);
}

const COPY_FAILURES = {
  'too-long': "This is too long for the terminal's clipboard; select it with the mouse.",
  'no-clipboard': 'This terminal has no clipboard to copy to; select the text with the mouse.',
} as const;
