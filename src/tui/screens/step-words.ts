/** How one operation of a job looks: the same in the list of operations and in the messages. */
import { formatDuration } from '../format/amounts.ts';
import { ACTION_WORDS, type Job, type JobStep } from '../model/job.ts';
import type { StyleName } from './view.ts';

/** Glyph and look by state. */
export const STEP_LOOKS: Readonly<Record<JobStep['state'], readonly [string, StyleName]>> = {
  waiting: [' ', 'dim'],
  running: ['~', 'pending'],
  done: ['o', 'dim'],
  failed: ['!', 'error'],
  cancelled: ['x', 'warning'],
  'not-tried': ['-', 'warning'],
};

/** How far the operation is, in words. */
export function stepWords(job: Job, step: JobStep, nowMs: number): string {
  const words = ACTION_WORDS[job.action];
  const { startedAtMs, endedAtMs } = step;
  switch (step.state) {
    case 'waiting':
      return job.beginsAtMs === undefined ? 'waits for its turn' : 'not sent yet';
    case 'running':
      return `${words.doing}… ${formatDuration(nowMs - (startedAtMs ?? nowMs))}`;
    case 'done': {
      if (startedAtMs === undefined || endedAtMs === undefined) return words.done;
      return `${words.done} in ${formatDuration(endedAtMs - startedAtMs)}`;
    }
    case 'failed':
      return `failed: ${step.why ?? 'no reason given'}`;
    case 'not-tried':
      return `not tried: ${step.why ?? 'another one failed'}`;
    case 'cancelled':
      return 'cancelled';
  }
}
