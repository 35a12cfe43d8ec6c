/** What `u` takes back now, and until when: what is not sent yet, or what has a true inverse. */
import type { ContainerAction } from '../../protocol/operation.ts';
import { countSteps, endedAtMs, type Job, type JobAction } from './job.ts';

/** How long after its end a job can be reversed. */
export const UNDO_FOR_MS = 30_000;

/** What puts a container back into the state it was in; the others have no inverse. */
export const INVERSES: Readonly<Partial<Record<JobAction, ContainerAction>>> = {
  start: 'stop',
  stop: 'start',
  pause: 'unpause',
  unpause: 'pause',
};

export type Undoable =
  /** Nothing is sent yet. */
  | { readonly kind: 'call-back'; readonly job: Job; readonly untilMs: number }
  | {
      readonly kind: 'reverse';
      readonly job: Job;
      readonly untilMs: number;
      readonly inverse: ContainerAction;
    };

/** The last job that can be taken back at this time. */
export function undoableOf(jobs: readonly Job[], nowMs: number): Undoable | undefined {
  for (const job of jobs.toReversed()) {
    const undoable = undoJob(job, nowMs);
    if (undoable) return undoable;
  }
  return undefined;
}

function undoJob(job: Job, nowMs: number): Undoable | undefined {
  if (job.beginsAtMs !== undefined) return { kind: 'call-back', job, untilMs: job.beginsAtMs };
  const inverse = INVERSES[job.action];
  if (inverse === undefined || job.isUndone) return undefined;
  const ended = endedAtMs(job);
  if (ended === undefined || countSteps(job).done === 0) return undefined;
  const untilMs = ended + UNDO_FOR_MS;
  return nowMs < untilMs ? { kind: 'reverse', job, untilMs, inverse } : undefined;
}
