/** A job: the operations that one confirmed question started, and how far each of them is. */
import type { ContainerAction, ContainerOperation } from '../../protocol/operation.ts';

/** An operation with the one thing the engine must also be told. */
export interface PlannedOperation {
  readonly operation: ContainerOperation;
  /** For remove: the container runs and is killed first. */
  readonly force: boolean;
}

export interface JobStep {
  readonly planned: PlannedOperation;
  readonly environmentName: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** Why it failed, as a sentence. */
  readonly why: string | undefined;
}

export interface Job {
  readonly id: number;
  readonly action: ContainerAction;
  readonly messageId: number;
  readonly startedAtMs: number;
  /** By operation id, in the order they were planned. */
  readonly steps: ReadonlyMap<string, JobStep>;
}

/** How many steps of a job are in each state. */
export function countSteps(job: Job): Readonly<Record<JobStep['state'], number>> {
  const counts = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  for (const step of job.steps.values()) counts[step.state]++;
  return counts;
}

/** Whether any operation of the job still waits or runs. */
export function isRunning(job: Job): boolean {
  const counts = countSteps(job);
  return counts.waiting + counts.running > 0;
}

/** The job with one of its steps changed; the same job when it has no such step. */
export function changeStep(job: Job, operationId: string, change: Partial<JobStep>): Job {
  const step = job.steps.get(operationId);
  if (!step) return job;
  return { ...job, steps: new Map(job.steps).set(operationId, { ...step, ...change }) };
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

export const ACTION_WORDS: Readonly<Record<ContainerAction, ActionWords>> = {
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
};
