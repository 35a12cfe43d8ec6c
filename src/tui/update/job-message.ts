/** What the message line says of a job: how far it is, or what became of it. */
import { formatDuration, formatThings } from '../format/amounts.ts';
import {
  ACTION_WORDS,
  countSteps,
  isRunning,
  type Job,
  type JobStep,
  stepName,
} from '../model/job.ts';
import type { Message } from '../model/message.ts';
import type { AppState } from '../model/state.ts';

/** The message of a job as it is now. */
export function jobMessage(state: AppState, job: Job): Omit<Message, 'id'> {
  const told = { atMs: state.nowMs, jobId: job.id };
  const [only] = job.steps.values();
  if (job.beginsAtMs !== undefined) return { ...told, ...heldWords(job) };
  if (job.steps.size === 1 && only) return { ...told, ...oneWords(job, only) };
  return { ...told, ...manyWords(job, state.nowMs) };
}

function nameOf(job: Job): string {
  const [only] = job.steps.values();
  return job.steps.size === 1 && only ? stepName(only) : formatThings(job.steps.size, 'container');
}

function heldWords(job: Job): Pick<Message, 'tone' | 'text'> {
  return { tone: 'busy', text: `${ACTION_WORDS[job.action].verb} ${nameOf(job)}: not sent yet …` };
}

function manyWords(job: Job, nowMs: number): Pick<Message, 'tone' | 'text'> {
  const counts = countSteps(job);
  const { done, failed, cancelled } = counts;
  const all = job.steps.size;
  const words = ACTION_WORDS[job.action];
  if (isRunning(job)) {
    const trouble = failed > 0 ? `, ${failed} failed` : '';
    const text = `${words.doing} ${all} containers: ${done} done${trouble} …`;
    return { tone: 'busy', text };
  }
  if (done === all) {
    const took = formatDuration(nowMs - job.startedAtMs);
    return { tone: 'done', text: `${formatThings(all, 'container')} ${words.done} in ${took}.` };
  }
  const parts = [
    `${done} of ${all} ${words.done}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(counts['not-tried'] > 0 ? [`${counts['not-tried']} not tried`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  return { tone: failed > 0 ? 'error' : 'warning', text: `${parts.join(', ')}; 9 tells which.` };
}

function oneWords(job: Job, step: JobStep): Pick<Message, 'tone' | 'text'> {
  const words = ACTION_WORDS[job.action];
  const name = stepName(step);
  const tookMs = (step.endedAtMs ?? 0) - (step.startedAtMs ?? step.endedAtMs ?? 0);
  switch (step.state) {
    case 'waiting':
    case 'running':
      return { tone: 'busy', text: `${words.doing} ${name} …` };
    case 'done': {
      const again = step.isKept ? '; :recreate makes it again' : '';
      return { tone: 'done', text: `${name} ${words.done} in ${formatDuration(tookMs)}${again}.` };
    }
    case 'not-tried':
      return { tone: 'warning', text: `${words.verb} ${name}: not tried, ${step.why}.` };
    case 'cancelled':
      return { tone: 'warning', text: `${words.verb} ${name}: cancelled.` };
    case 'failed':
      return {
        tone: 'error',
        text: `${words.verb} ${name} failed: ${step.why ?? 'no reason given'}`,
      };
  }
}
