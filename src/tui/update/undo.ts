/** Taking back, trying again, and making again: what a job can lead to besides its end. */

import type { Container } from '../../protocol/container.ts';
import { whyNotNow } from '../../protocol/operation.ts';
import { formatThings } from '../format/amounts.ts';
import { openedDialog } from '../model/dialog.ts';
import type { Intent } from '../model/event.ts';
import {
  ACTION_WORDS,
  type Job,
  type JobStep,
  type PlannedOperation,
  stepName,
} from '../model/job.ts';
import { containerAt } from '../model/live-fleet.ts';
import { replaceMessage } from '../model/message.ts';
import { orderPlan } from '../model/plan-order.ts';
import { USUAL_ROLLOUT } from '../model/rollout.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { type Undoable, undoableOf } from '../model/undo.ts';
import { askOperations, runOperations, withJob } from './operations.ts';
import { plannedOf } from './plan.ts';
import { say } from './say.ts';

/** The step of `u`: calls back what is not sent yet, else does the inverse at once. */
export function undo(state: AppState): Step {
  const undoable = undoableOf(state.jobs, state.nowMs);
  if (!undoable) return say(state, 'warning', 'There is nothing to undo now.');
  return undoable.kind === 'call-back' ? callBack(state, undoable.job) : reverse(state, undoable);
}

/** Nothing was sent: the job goes as if it had never been, and the marks come back. */
function callBack(state: AppState, job: Job): Step {
  const ids = new Set(job.steps.keys());
  const pending = new Map(
    [...state.pending].filter(([, { operationId }]) => !ids.has(operationId)),
  );
  const marks = new Set(state.containers.marks);
  if (job.steps.size > 1) for (const step of job.steps.values()) marks.add(keyOf(step));
  const words = `${ACTION_WORDS[job.action].verb} of ${formatThings(job.steps.size, 'container')} called back: nothing was sent.`;
  const message = { atMs: state.nowMs, tone: 'info', text: words } as const;
  return stay({
    ...state,
    pending,
    containers: { ...state.containers, marks },
    jobs: state.jobs.filter((other) => other !== job),
    messages: replaceMessage(state.messages, job.messageId, message),
  });
}

const keyOf = ({ planned }: JobStep) =>
  `${planned.operation.environmentId}/${planned.operation.containerId}` as const;

function presentOf(state: AppState, steps: readonly JobStep[]): readonly Container[] {
  const fleet = shownFleet(state);
  return steps.flatMap((step) => containerAt(fleet, keyOf(step)) ?? []);
}

function reverse(state: AppState, { job, inverse }: Extract<Undoable, { kind: 'reverse' }>): Step {
  const done = [...job.steps.values()].filter((step) => step.state === 'done');
  // The feed may be behind the answer: what is still pending is taken at the answer's word.
  const fitting = presentOf(state, done).filter((container) => {
    const isBehind = state.pending.has(`${container.environmentId}/${container.id}`);
    return isBehind || whyNotNow(inverse, container) === undefined;
  });
  const undone = withJob(state, { ...job, isUndone: true });
  if (fitting.length === 0) {
    const { done: words } = ACTION_WORDS[inverse];
    return say(undone, 'warning', `Nothing to undo: none of them can be ${words} now.`);
  }
  const order = orderPlan(shownFleet(state), inverse, fitting);
  const planned = plannedOf(undone, { action: inverse, leftOut: [], ...order });
  const next = { ...undone, nextId: undone.nextId + planned.length };
  const how = { ...job.rollout, stopOnFailure: false, holdMs: 0 };
  return runOperations(next, { action: inverse, planned, how, isUndone: true });
}

/** The step of asking whether what did not work in a job shall be tried again. */
export function retry(state: AppState, { jobId }: Extract<Intent, { kind: 'retry' }>): Step {
  const job = state.jobs.find(({ id }) => id === jobId);
  if (!job) return stay(state);
  const open = [...job.steps.values()].filter(isOpen);
  if (job.action === 'recreate') return askRecreate(state, open);
  const present = presentOf(state, open);
  if (present.length === 0)
    return say(state, 'warning', 'None of those that failed is there any more.');
  const asked = askOperations(state, job.action, present);
  const { dialog } = asked.state;
  if (dialog?.onOk.kind !== 'run') return asked;
  const onOk = { ...dialog.onOk, how: { ...dialog.onOk.how, ...job.rollout } };
  return stay({ ...asked.state, dialog: { ...dialog, onOk } });
}

/** Whether a step may be tried again. */
export function isOpen({ state }: JobStep): boolean {
  return state === 'failed' || state === 'not-tried' || state === 'cancelled';
}

/** The step of asking whether removed containers shall be made again: those of this name, else those of the last removal. */
export function recreate(state: AppState, { name }: Extract<Intent, { kind: 'recreate' }>): Step {
  const removed = state.jobs
    .filter(({ action }) => action === 'remove')
    .map((job) => [...job.steps.values()].filter(({ isKept }) => isKept === true))
    .filter((steps) => steps.length > 0);
  const named = removed
    .flat()
    .findLast((step) => stepName(step) === name || step.planned.operation.containerName === name);
  const chosen = name === '' ? (removed.at(-1) ?? []) : named ? [named] : [];
  return askRecreate(state, chosen);
}

function askRecreate(state: AppState, steps: readonly JobStep[]): Step {
  const [first] = steps;
  if (!first) {
    return say(
      state,
      'warning',
      'No settings are kept of such a container: only of those removed in this console since it started.',
    );
  }
  const planned = steps.map(
    ({ planned: { operation } }, at): PlannedOperation => ({
      operation: { ...operation, operationId: `op-${state.nextId + at}`, action: 'recreate' },
      force: false,
      needs: [],
    }),
  );
  const what = steps.length === 1 ? stepName(first) : formatThings(steps.length, 'container');
  const next = { ...state, nextId: state.nextId + steps.length };
  const dialog = openedDialog(
    {
      title: `Recreate ${what}?`,
      lead: 'It is made again from its settings and started if it ran.',
      groups:
        steps.length === 1
          ? []
          : [{ heading: 'Removed by this console', items: steps.map(stepName) }],
      remarks: ['What it had written and what was in its anonymous volumes does not come back.'],
      level: steps.length === 1 ? 'yes' : 'button',
      okLabel: 'Recreate',
      onOk: { kind: 'run', action: 'recreate', planned, how: { ...USUAL_ROLLOUT, holdMs: 0 } },
    },
    state.nowMs,
  );
  return stay({ ...next, dialog });
}
