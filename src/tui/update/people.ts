/** The lists of people: read at once, by f5 and after each change; what is asked for goes through a question with a plan. */

import type { DeedAnswer, PeopleDeed } from '../../protocol/people.ts';
import { openedDialog } from '../model/dialog.ts';
import { parseFilter } from '../model/filter.ts';
import { openedForm, withCodeField } from '../model/form.ts';
import { placeCursor, settleCursor } from '../model/list-cursor.ts';
import type { PeopleEvent, PeopleIntent } from '../model/people-event.ts';
import { planOf } from '../model/people-plan.ts';
import {
  freshPeople,
  isPeople,
  type PeopleScreen,
  type PeopleSubject,
  wishOf,
} from '../model/people-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { peopleRows } from '../screens/people-rows.ts';
import { said, say } from './say.ts';
import { openScreen, replaceScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

export const PEOPLE_STEPS: IntentSteps<Exclude<PeopleIntent['kind'], 'choose'>> = {
  'open-people': (state, { of }) => openPeople(state, of),
  'open-form': (state, { form }) => stay(openScreen(state, openedForm(form))),
  'ask-deed': (state, { deed }) => stay(askDeed(state, deed)),
  'carry-out': (state, { deed }) => carryOut(state, deed),
};

function openPeople(state: AppState, subject: PeopleSubject): Step {
  const screen = freshPeople(subject);
  return ask(openScreen(state, screen), screen);
}

/** Asks anew for the list on top. */
export function refreshPeople(state: AppState): Step {
  const screen = topScreen(state);
  return isPeople(screen) ? ask(state, screen) : stay(state);
}

function ask(state: AppState, screen: PeopleScreen): Step {
  const requestId = state.nextId;
  const next: PeopleScreen = { ...screen, requestId, isAsking: true };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'read-directory', requestId, wish: wishOf(screen.subject) }],
  };
}

const peopleIn = ({ screens }: AppState): readonly PeopleScreen[] => screens.filter(isPeople);

/** The step of an answer; one to an older question is dropped. After a failure the last good answer stays. */
export function onDirectoryRead(
  state: AppState,
  { requestId, answer, atMs }: Extract<PeopleEvent, { kind: 'directory-read' }>,
): Step {
  const screen = peopleIn(state).find((other) => other.requestId === requestId);
  if (!screen) return stay(state);
  const news: Partial<PeopleScreen> =
    'why' in answer ? { why: answer.why } : { directory: answer, readAtMs: atMs, why: undefined };
  return stay(replaceScreen(state, screen, { ...screen, ...news, isAsking: false }));
}

/** The state with the question whether to do it. */
export function askDeed(state: AppState, deed: PeopleDeed): AppState {
  const known = peopleIn(state).at(-1)?.directory;
  const { title, okLabel, level, groups } = planOf(deed, known);
  const question = { title, okLabel, level, groups, onOk: { kind: 'carry-out', deed } } as const;
  return { ...state, dialog: openedDialog(question, state.nowMs) };
}

function carryOut(state: AppState, deed: PeopleDeed): Step {
  const requestId = state.nextId;
  const screen = topScreen(state);
  const sending =
    screen.kind === 'form'
      ? replaceTop(state, { ...screen, sending: requestId, problem: undefined })
      : state;
  return {
    state: { ...sending, nextId: requestId + 1 },
    effects: [{ kind: 'carry-out', requestId, deed }],
  };
}

/** The step of the server's answer to a change: the form closes and the list is read anew, or what is wrong is said. */
export function onCarriedOut(
  state: AppState,
  { requestId, deed, answer }: Extract<PeopleEvent, { kind: 'carried-out' }>,
): Step {
  const form = state.screens.find((other) => other.kind === 'form');
  const isAwaited = form?.sending === requestId;
  if ('why' in answer) {
    if (!isAwaited) return say(state, 'error', answer.why);
    const next = { ...form, sending: undefined, invitation: undefined, problem: answer.why };
    return stay(replaceScreen(state, form, answer.asksCode ? withCodeField(next) : next));
  }
  const screens = isAwaited ? state.screens.filter((other) => other !== form) : state.screens;
  const told = said({ ...state, screens }, 'done', planOf(deed, undefined).done);
  return readAnew(withSecret(told, deed, answer));
}

/** A new key is shown even where its form was left meanwhile: it is told only this once. */
function withSecret(state: AppState, deed: PeopleDeed, { secret }: DeedAnswer): AppState {
  if (secret === undefined || deed.kind !== 'create-key') return state;
  const { description } = deed;
  return openScreen(state, { kind: 'key-made', description, secret, isCopied: false, top: 0 });
}

function readAnew(state: AppState): Step {
  return peopleIn(state).reduce((step: Step, screen) => {
    const asked = ask(step.state, screen);
    return { state: asked.state, effects: [...step.effects, ...asked.effects] };
  }, stay(state));
}

/** The list with another filter; an unfinished expression keeps it as it was. */
export function filterPeople(state: AppState, screen: PeopleScreen, filterText: string): AppState {
  const parsed = parseFilter(filterText);
  const filter = parsed.kind === 'ok' ? parsed.filter : screen.filter;
  return replaceTop(state, { ...screen, filterText, filter });
}

const idsOf = (state: AppState, screen: PeopleScreen): readonly string[] =>
  peopleRows(screen, state.nowMs).map(({ id }) => id);

/** The cursor moved by so many rows. */
export function movePeople(state: AppState, screen: PeopleScreen, by: number): AppState {
  const cursor = placeCursor(screen.cursor, idsOf(state, screen), screen.cursor.at + by);
  return replaceTop(state, { ...screen, cursor });
}

/** The state with its cursor on a row that is there, in a window of so many rows. */
export function settlePeople(state: AppState, height: number): AppState {
  const screen = topScreen(state);
  if (!isPeople(screen)) return state;
  const cursor = settleCursor(screen.cursor, idsOf(state, screen), height);
  return cursor === screen.cursor ? state : replaceTop(state, { ...screen, cursor });
}
