/** A job: the operations that one confirmed question started, and how far each of them is. */
import type { ContainerAction, ContainerOperation } from '../../protocol/operation.ts';
import { nextTurns, type Rollout, type StepState, type Turn } from './rollout.ts';

/** `recreate` makes a container again that this console removed. */
export type JobAction = ContainerAction | 'recreate';

/** An operation with the one thing the engine must also be told. */
export interface PlannedOperation {
  readonly operation: Omit<ContainerOperation, 'action'> & { readonly action: JobAction };
  /** For remove: the container runs and is killed first. */
  readonly force: boolean;
  /** Ids of operations of the same job that must be done first. */
  readonly needs: readonly string[];
}

/** How a job is to be run. */
export interface RunHow extends Rollout {
  /** Nothing is sent before this time has passed, so that it can be called back; 0 for at once. */
  readonly holdMs: number;
}

/** How long nothing is sent of what has no inverse. */
export const HOLD_MS = 5_000;

export interface JobStep {
  readonly planned: PlannedOperation;
  readonly environmentName: string;
  readonly state: StepState;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** Why it failed, as a sentence; why it was not tried, as a clause. */
  readonly why: string | undefined;
  /** Of a removed container: whether its settings are kept, so that it can be made again. */
  readonly isKept?: boolean;
}

export interface Job {
  readonly id: number;
  readonly action: JobAction;
  readonly messageId: number;
  readonly startedAtMs: number;
  readonly rollout: Rollout;
  /** Until then nothing is sent; undefined once it has begun. */
  readonly beginsAtMs: number | undefined;
  /** It takes back another job, or was taken back itself: there is nothing to undo in it. */
  readonly isUndone: boolean;
  /** By operation id, in the order in which they have their turn. */
  readonly steps: ReadonlyMap<string, JobStep>;
}

/** How many steps of a job are in each state. */
export function countSteps(job: Job): Readonly<Record<StepState, number>> {
  const counts = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0, 'not-tried': 0 };
  for (const step of job.steps.values()) counts[step.state]++;
  return counts;
}

/** Whether any operation of the job still waits or runs. */
export function isRunning(job: Job): boolean {
  const counts = countSteps(job);
  return counts.waiting + counts.running > 0;
}

/** When its last operation ended; undefined while some still wait or run, and when none was ever begun. */
export function endedAtMs(job: Job): number | undefined {
  if (isRunning(job)) return undefined;
  let last: number | undefined;
  for (const step of job.steps.values()) last = Math.max(last ?? 0, step.endedAtMs ?? 0);
  return last;
}

/** The job with one of its steps changed; the same job when it has no such step. */
export function changeStep(job: Job, operationId: string, change: Partial<JobStep>): Job {
  const step = job.steps.get(operationId);
  if (!step) return job;
  return { ...job, steps: new Map(job.steps).set(operationId, { ...step, ...change }) };
}

/** `eu-1/web` */
export function stepName({ environmentName, planned }: JobStep): string {
  return `${environmentName}/${planned.operation.containerName}`;
}

/** The job with every step begun whose turn it is, and given up whose turn will never come; and what begins. */
export function advanceJob(
  job: Job,
  nowMs: number,
): { readonly job: Job; readonly begun: readonly PlannedOperation[] } {
  if (job.beginsAtMs !== undefined) return { job, begun: [] };
  const turns = [...job.steps].map(([id, step]): Turn => {
    const { operation, needs } = step.planned;
    const { environmentId } = operation;
    return { id, name: stepName(step), environmentId, state: step.state, needs };
  });
  const { begin, notTried } = nextTurns(turns, job.rollout);
  if (begin.length + notTried.size === 0) return { job, begun: [] };
  const steps = new Map(job.steps);
  const change = (id: string, part: Partial<JobStep>) => {
    const step = steps.get(id);
    if (step) steps.set(id, { ...step, ...part });
  };
  for (const id of begin) change(id, { state: 'running', startedAtMs: nowMs });
  for (const [id, why] of notTried) change(id, { state: 'not-tried', endedAtMs: nowMs, why });
  const begun = begin.flatMap((id) => steps.get(id)?.planned ?? []);
  return { job: { ...job, steps }, begun };
}

export interface ActionWords {
  /** Restart */
  readonly verb: string;
  /** restarting */
  readonly doing: string;
  /** restarted */
  readonly done: string;
  /** What happens to each container, for the plan. */
  readonly consequence: string;
}

export const ACTION_WORDS: Readonly<Record<JobAction, ActionWords>> = {
  start: { verb: 'Start', doing: 'starting', done: 'started', consequence: 'starts' },
  stop: { verb: 'Stop', doing: 'stopping', done: 'stopped', consequence: 'stops' },
  restart: {
    verb: 'Restart',
    doing: 'restarting',
    done: 'restarted',
    consequence: 'stops and starts again',
  },
  kill: { verb: 'Kill', doing: 'killing', done: 'killed', consequence: 'is killed at once' },
  pause: { verb: 'Pause', doing: 'pausing', done: 'paused', consequence: 'is frozen' },
  unpause: { verb: 'Resume', doing: 'resuming', done: 'resumed', consequence: 'goes on' },
  remove: {
    verb: 'Remove',
    doing: 'removing',
    done: 'removed',
    consequence: 'is deleted for good',
  },
  recreate: {
    verb: 'Recreate',
    doing: 'recreating',
    done: 'recreated',
    consequence: 'is made again from its settings, without what it wrote',
  },
};
