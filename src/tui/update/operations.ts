/** Changes to hosts: asked for in a dialog, sent as a job, shown as pending until the feed tells the result. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import { formatDuration, formatThings } from '../format/amounts.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import {
  ACTION_WORDS,
  changeStep,
  countSteps,
  isRunning,
  type Job,
  type JobStep,
  type PlannedOperation,
} from '../model/job.ts';
import { containerAt, environmentName } from '../model/live-fleet.ts';
import { addMessage, type Message, replaceMessage } from '../model/message.ts';
import { isOver, type Pending } from '../model/pending.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { planDialog } from './plan.ts';
import { say } from './say.ts';

const KEPT_JOBS = 100;

/** The step of asking for an action on the targets: a dialog, nothing more. */
export function askOperations(state: AppState, action: ContainerAction): Step {
  const dialog = planDialog(state, action);
  if (!dialog)
    return say(state, 'warning', `Nothing here can be ${ACTION_WORDS[action].done} now.`);
  const nextId = state.nextId + (dialog.onOk.kind === 'run' ? dialog.onOk.planned.length : 0);
  return stay({ ...state, dialog, nextId });
}

const keyOf = ({ operation }: PlannedOperation): ContainerKey =>
  `${operation.environmentId}/${operation.containerId}`;

/** The step of a confirmed plan: a job with its message, pending rows, and the effect that sends it. */
export function runOperations(state: AppState, intent: Extract<Intent, { kind: 'run' }>): Step {
  const { action, planned } = intent;
  const job = jobOf(state, action, planned);
  const pending = new Map(state.pending);
  const marks = new Set(state.containers.marks);
  for (const one of planned) {
    const before = containerAt(shownFleet(state), keyOf(one));
    marks.delete(keyOf(one));
    if (!before) continue;
    const { operationId } = one.operation;
    pending.set(keyOf(one), {
      operationId,
      action,
      before,
      hasBegun: false,
      answeredAtMs: undefined,
    });
  }
  const next: AppState = {
    ...state,
    pending,
    containers: { ...state.containers, marks },
    jobs: [...state.jobs, job].slice(-KEPT_JOBS),
    messages: addMessage(state.messages, jobMessage(state, job), job.messageId),
    nextId: state.nextId + 2,
  };
  return { state: next, effects: [{ kind: 'run-operations', planned }] };
}

function jobOf(
  state: AppState,
  action: ContainerAction,
  planned: readonly PlannedOperation[],
): Job {
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
  return { id: state.nextId, action, messageId: state.nextId + 1, startedAtMs: state.nowMs, steps };
}

/** The step of an operation whose turn has come. */
export function onOperationBegan(state: AppState, operationId: string): Step {
  const change = { state: 'running', startedAtMs: state.nowMs } as const;
  return stay(withPending(withStep(state, operationId, change), operationId, { hasBegun: true }));
}

/** The step of an operation's end: told in the job's message; the row waits for the feed. */
export function onOperationEnded(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'operation-ended' }>,
): Step {
  const { operationId, outcome, why } = event;
  const change = { state: outcome, endedAtMs: state.nowMs, why } as const;
  const answered = { answeredAtMs: outcome === 'done' ? state.nowMs : undefined };
  const told = withJobMessage(withStep(state, operationId, change), operationId);
  const next =
    outcome === 'done'
      ? withPending(told, operationId, answered)
      : withPending(told, operationId, undefined);
  return stay(withoutShown(next));
}

function withStep(state: AppState, operationId: string, change: Partial<JobStep>): AppState {
  const jobs = state.jobs.map((job) => changeStep(job, operationId, change));
  return { ...state, jobs };
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

function withJobMessage(state: AppState, operationId: string): AppState {
  const job = state.jobs.find((known) => known.steps.has(operationId));
  if (!job) return state;
  const message = jobMessage(state, job);
  return { ...state, messages: replaceMessage(state.messages, job.messageId, message) };
}

/** What the message of a job says now: how far it is, or what became of it. */
function jobMessage(state: AppState, job: Job): Omit<Message, 'id'> {
  const told = { atMs: state.nowMs, jobId: job.id };
  const [only] = job.steps.values();
  if (job.steps.size === 1 && only) return { ...told, ...oneWords(job, only) };
  const { done, failed, cancelled } = countSteps(job);
  const all = job.steps.size;
  const words = ACTION_WORDS[job.action];
  if (isRunning(job)) {
    const trouble = failed > 0 ? `, ${failed} failed` : '';
    return {
      ...told,
      tone: 'busy',
      text: `${words.doing} ${all} containers: ${done} done${trouble} …`,
    };
  }
  const took = formatDuration(state.nowMs - job.startedAtMs);
  if (done === all) {
    return {
      ...told,
      tone: 'done',
      text: `${formatThings(all, 'container')} ${words.done} in ${took}.`,
    };
  }
  const parts = [
    `${done} of ${all} ${words.done}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  return {
    ...told,
    tone: failed > 0 ? 'error' : 'warning',
    text: `${parts.join(', ')}; @ tells which.`,
  };
}

function oneWords(job: Job, step: JobStep): Pick<Message, 'tone' | 'text'> {
  const words = ACTION_WORDS[job.action];
  const name = `${step.environmentName}/${step.planned.operation.containerName}`;
  const tookMs = (step.endedAtMs ?? 0) - (step.startedAtMs ?? step.endedAtMs ?? 0);
  switch (step.state) {
    case 'waiting':
    case 'running':
      return { tone: 'busy', text: `${words.doing} ${name} …` };
    case 'done':
      return { tone: 'done', text: `${name} ${words.done} in ${formatDuration(tookMs)}.` };
    case 'cancelled':
      return { tone: 'warning', text: `${words.verb} ${name}: cancelled.` };
    case 'failed':
      return {
        tone: 'error',
        text: `${words.verb} ${name} failed: ${step.why ?? 'no reason given'}`,
      };
  }
}
