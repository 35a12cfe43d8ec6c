/** Changes to hosts: asked for in a dialog, rolled out as a job, shown as pending until the feed tells the result. */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import { formatCount } from '../format/amounts.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import {
  ACTION_WORDS,
  advanceJob,
  changeStep,
  isRunning,
  type Job,
  type JobAction,
  type JobStep,
  type PlannedOperation,
  type RunHow,
} from '../model/job.ts';
import { containerAt, environmentName } from '../model/live-fleet.ts';
import { addMessage, replaceMessage } from '../model/message.ts';
import { isOver, type Pending } from '../model/pending.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { targets } from '../model/subject.ts';
import { jobMessage } from './job-message.ts';
import { MOST_IN_PLAN, planDialog } from './plan.ts';
import { say } from './say.ts';

const KEPT_JOBS = 100;
const KEPT_STEPS = 20_000;

/** The step of asking for an action on containers, by default the targets: a dialog, nothing more. */
export function askOperations(
  state: AppState,
  action: ContainerAction,
  containers: readonly Container[] = [...targets(state)],
): Step {
  if (containers.length > MOST_IN_PLAN) {
    const most = `${formatCount(MOST_IN_PLAN)} containers at most fit in one plan`;
    return say(state, 'warning', `${most}; these are ${formatCount(containers.length)}.`);
  }
  const dialog = planDialog(state, action, containers);
  if (!dialog)
    return say(state, 'warning', `Nothing here can be ${ACTION_WORDS[action].done} now.`);
  const nextId = state.nextId + (dialog.onOk.kind === 'run' ? dialog.onOk.planned.length : 0);
  return stay({ ...state, dialog, nextId });
}

const keyOf = ({ operation }: PlannedOperation): ContainerKey =>
  `${operation.environmentId}/${operation.containerId}`;

export interface Run {
  readonly action: JobAction;
  readonly planned: readonly PlannedOperation[];
  readonly how: RunHow;
  /** True for what takes back another job. */
  readonly isUndone?: boolean;
}

/** The step of a confirmed plan: a job with its message, pending rows, and what is sent first. */
export function runOperations(state: AppState, run: Run | Extract<Intent, { kind: 'run' }>): Step {
  const { action, planned } = run;
  const job = jobOf(state, run);
  const pending = new Map(state.pending);
  const marks = new Set(state.containers.marks);
  for (const one of planned) {
    const before = containerAt(shownFleet(state), keyOf(one));
    marks.delete(keyOf(one));
    if (!before) continue;
    const { operationId } = one.operation;
    const waits = { hasBegun: false, answeredAtMs: undefined };
    pending.set(keyOf(one), { operationId, action, before, ...waits });
  }
  const next: AppState = {
    ...state,
    pending,
    containers: { ...state.containers, marks },
    jobs: trimmed([...state.jobs, job]),
    messages: addMessage(state.messages, jobMessage(state, job), job.messageId),
    nextId: state.nextId + 2,
  };
  return rolled(next, job.id);
}

/** The newest jobs, as many as may be remembered; one that runs is never forgotten. */
function trimmed(jobs: readonly Job[]): readonly Job[] {
  let steps = 0;
  let count = 0;
  const kept = jobs.toReversed().filter((job) => {
    steps += job.steps.size;
    count++;
    return isRunning(job) || (count <= KEPT_JOBS && steps <= KEPT_STEPS);
  });
  return kept.reverse();
}

function jobOf(state: AppState, run: Run | Extract<Intent, { kind: 'run' }>): Job {
  const { action, planned, how } = run;
  const steps = new Map<string, JobStep>();
  for (const one of planned) {
    steps.set(one.operation.operationId, {
      planned: one,
      environmentName: environmentName(shownFleet(state), one.operation.environmentId),
      state: 'waiting',
      startedAtMs: undefined,
      endedAtMs: undefined,
      why: undefined,
    });
  }
  return {
    id: state.nextId,
    action,
    messageId: state.nextId + 1,
    startedAtMs: state.nowMs,
    rollout: { width: how.width, stopOnFailure: how.stopOnFailure },
    beginsAtMs: how.holdMs > 0 ? state.nowMs + how.holdMs : undefined,
    isUndone: 'isUndone' in run && run.isUndone === true,
    steps,
  };
}

/** The step in which a job begins whatever has its turn now. */
export function rolled(state: AppState, jobId: number): Step {
  const before = state.jobs.find(({ id }) => id === jobId);
  if (!before) return stay(state);
  const { job, begun } = advanceJob(before, state.nowMs);
  if (job === before) return stay(state);
  const next = withPendingOf(withJob(state, job), job);
  const told = withMessage(next, job);
  return begun.length === 0
    ? stay(told)
    : { state: told, effects: [{ kind: 'run-operations', planned: begun }] };
}

/** The state with a job in the place of its former self. */
export function withJob(state: AppState, job: Job): AppState {
  return { ...state, jobs: state.jobs.map((other) => (other.id === job.id ? job : other)) };
}

/** The state with what the message of a job says now. */
export function withMessage(state: AppState, job: Job): AppState {
  const message = jobMessage(state, job);
  return { ...state, messages: replaceMessage(state.messages, job.messageId, message) };
}

/** Rows whose operation has begun say so; those whose operation is not to be speak for themselves again. */
function withPendingOf(state: AppState, job: Job): AppState {
  const pending = new Map(state.pending);
  for (const [key, value] of state.pending) {
    const step = job.steps.get(value.operationId);
    if (step?.state === 'running') pending.set(key, { ...value, hasBegun: true });
    if (step?.state === 'not-tried' || step?.state === 'cancelled') pending.delete(key);
  }
  return { ...state, pending };
}

/** The step of an operation's end: told in the job's message, and the next has its turn; the row waits for the feed. */
export function onOperationEnded(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'operation-ended' }>,
): Step {
  const { operationId, outcome, why, isKept = false } = event;
  const before = state.jobs.find(({ steps }) => steps.has(operationId));
  if (!before) return stay(state);
  const change = { state: outcome, endedAtMs: state.nowMs, why, isKept } as const;
  const job = changeStep(before, operationId, change);
  const answered = outcome === 'done' ? { answeredAtMs: state.nowMs } : undefined;
  const told = withPending(withJob(state, job), operationId, answered);
  const step = rolled(told, job.id);
  const last = step.state.jobs.find(({ id }) => id === job.id) ?? job;
  return { ...step, state: withoutShown(withMessage(step.state, last)) };
}

function withPending(
  state: AppState,
  operationId: string,
  change: Partial<Pending> | undefined,
): AppState {
  const pending = new Map(state.pending);
  for (const [key, value] of state.pending) {
    if (value.operationId !== operationId) continue;
    if (change) pending.set(key, { ...value, ...change });
    else pending.delete(key);
  }
  return { ...state, pending };
}

/** The state without those pending operations whose result the feed has shown. */
export function withoutShown(state: AppState): AppState {
  const over = [...state.pending].filter(([key, pending]) =>
    isOver(pending, containerAt(state.fleet, key), state.nowMs),
  );
  if (over.length === 0) return state;
  const pending = new Map(state.pending);
  for (const [key] of over) pending.delete(key);
  return { ...state, pending };
}

/** The step in which jobs that waited to be called back begin, now that their time is over. */
export function beginDueJobs(state: AppState): Step {
  let step = stay(state);
  for (const job of state.jobs) {
    if (job.beginsAtMs === undefined || job.beginsAtMs > state.nowMs) continue;
    const begun = rolled(withJob(step.state, { ...job, beginsAtMs: undefined }), job.id);
    step = { state: begun.state, effects: [...step.effects, ...begun.effects] };
  }
  return step;
}

/** The step of giving up every job that runs: what waits is dropped, what is under way is no longer waited for. */
export function cancelJobs(state: AppState): Step {
  const operationIds: string[] = [];
  let next = state;
  for (const job of state.jobs.filter(isRunning)) {
    const steps = new Map(job.steps);
    for (const [id, step] of job.steps) {
      if (step.state === 'running') operationIds.push(id);
      if (step.state !== 'waiting') continue;
      steps.set(id, { ...step, state: 'cancelled', endedAtMs: state.nowMs });
    }
    const dropped: Job = { ...job, steps, beginsAtMs: undefined };
    next = withMessage(withPendingOf(withJob(next, dropped), dropped), dropped);
  }
  return {
    state: next,
    effects: operationIds.length > 0 ? [{ kind: 'cancel-operations', operationIds }] : [],
  };
}
