/** What became of this console's own operations, as events between those of the fleet. */
import type { FleetEvent } from './fleet-event.ts';
import { ACTION_WORDS, type Job, type JobStep } from './job.ts';

type Told = Omit<FleetEvent, 'id'>;

/** The events that lead from the jobs before to those after; each begin and each end is one. */
export function operationEvents(
  before: readonly Job[],
  after: readonly Job[],
  nowMs: number,
): readonly Told[] {
  if (before === after) return [];
  const known = new Map(before.map((job) => [job.id, job]));
  return after.flatMap((job) => {
    const old = known.get(job.id);
    if (old?.steps === job.steps) return [];
    return [...job.steps].flatMap(([id, step]) => {
      const was = old?.steps.get(id)?.state ?? 'waiting';
      return was === step.state ? [] : ofStep(job, step, nowMs);
    });
  });
}

function ofStep(job: Job, step: JobStep, atMs: number): readonly Told[] {
  const { environmentId, containerId, containerName, operationId } = step.planned.operation;
  const about = {
    atMs,
    environmentId,
    containerId,
    name: containerName,
    source: 'console',
  } as const;
  const { verb, done, doing } = ACTION_WORDS[job.action];
  const why = step.why === undefined ? '' : `: ${step.why}`;
  switch (step.state) {
    case 'waiting':
      return [];
    case 'running':
      return [{ ...about, text: `${doing}, asked from here`, tone: 'changing', operationId }];
    case 'done': {
      const took = ((step.endedAtMs ?? atMs) - (step.startedAtMs ?? atMs)) / 1_000;
      return [
        { ...about, text: `${done} from here in ${took.toFixed(1)}s`, tone: 'plain', operationId },
      ];
    }
    case 'failed':
      return [
        { ...about, text: `${verb.toLowerCase()} failed${why}`, tone: 'problem', operationId },
      ];
    case 'cancelled':
      return [{ ...about, text: `${verb.toLowerCase()} cancelled`, tone: 'plain', operationId }];
    case 'not-tried':
      return [
        { ...about, text: `${verb.toLowerCase()} not tried${why}`, tone: 'plain', operationId },
      ];
  }
}
