/** Maintenance of environments: sent off from its form, ended after a question, and what became of it. */
import { formatThings } from '../format/amounts.ts';
import { formatClock, formatMoment } from '../format/clock.ts';
import { openedDialog } from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import type { FormDeed, FormScreen } from '../model/form.ts';
import { environmentName } from '../model/live-fleet.ts';
import { type AppState, dayTime, type Step, shownFleet, stay } from '../model/state.ts';
import { brokenOff } from './broken-off.ts';
import { said, say } from './say.ts';
import { sendForm } from './send-form.ts';
import { replaceScreen } from './stack.ts';
import type { IntentSteps } from './steps.ts';

type IntentOf<Kind extends Intent['kind']> = Extract<Intent, { kind: Kind }>;

export const MAINTENANCE_STEPS: IntentSteps<'ask-end-maintenance' | 'end-maintenance'> = {
  'ask-end-maintenance': askEnd,
  'end-maintenance': end,
};

function askEnd(state: AppState, { ids }: IntentOf<'ask-end-maintenance'>): Step {
  const fleet = shownFleet(state);
  const notes = ids.flatMap((id) => {
    const maintenance = fleet.environments.get(id)?.maintenance;
    if (!maintenance) return [];
    return [`${environmentName(fleet, id)}: by ${maintenance.by}: ${maintenance.why}`];
  });
  const question = {
    title: `End the maintenance of ${whatOf(state, ids)}?`,
    okLabel: 'End',
    groups: [{ heading: 'worked on', items: notes }],
    onOk: { kind: 'end-maintenance', ids },
  } as const;
  return stay({ ...state, dialog: openedDialog(question, state.nowMs) });
}

/** `eu-1`, or `3 environments`. */
export function whatOf(state: AppState, ids: readonly number[]): string {
  const [first] = ids;
  if (ids.length === 1 && first !== undefined) return environmentName(shownFleet(state), first);
  return formatThings(ids.length, 'environment');
}

/** Sends the form off. */
export function beginMaintenance(
  state: AppState,
  screen: FormScreen,
  { ids, wish }: Extract<FormDeed, { kind: 'maintain' }>,
): Step {
  return sendForm(state, screen, (requestId) => ({ kind: 'maintain', requestId, ids, wish }));
}

function end(state: AppState, { ids }: IntentOf<'end-maintenance'>): Step {
  const requestId = state.nextId;
  return {
    state: { ...state, nextId: requestId + 1 },
    effects: [{ kind: 'maintain', requestId, ids, wish: undefined }],
  };
}

/** The step of the server's answer: the form closes, or says what is wrong and keeps what was typed. */
export function onMaintained(
  state: AppState,
  { requestId, wish, ...outcome }: Extract<OutsideEvent, { kind: 'maintained' }>,
): Step {
  const form = state.screens.find((other) => other.kind === 'form');
  const isAwaited = form?.sending === requestId;
  const deed = wish === undefined ? 'Maintenance ended' : 'Maintenance begun';
  const problem = brokenOff(outcome, deed, 'environment');
  if (problem !== undefined) {
    if (!isAwaited) return say(state, 'error', problem);
    return stay(replaceScreen(state, form, { ...form, sending: undefined, problem }));
  }
  const screens = isAwaited ? state.screens.filter((other) => other !== form) : state.screens;
  return stay(said({ ...state, screens }, 'done', doneWords(state, outcome.done, wish?.forMs)));
}

function doneWords(state: AppState, done: number, forMs: number | undefined): string {
  const what = formatThings(done, 'environment');
  if (forMs === undefined) return `Maintenance ended: ${what}.`;
  const untilMs = dayTime(state) + forMs;
  const until = forMs >= 43_200_000 ? formatMoment(untilMs) : formatClock(untilMs);
  return `In maintenance until ${until}: ${what}.`;
}
