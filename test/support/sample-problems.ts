/** The small fleet with problems of every kind: seen to, muted, ended, and one that keeps coming back. */
import type { FeedMessage } from '../../src/protocol/feed.ts';
import type { Problem } from '../../src/protocol/problem.ts';
import { CONTAINERS, ENVIRONMENTS, NOW, snapshot } from './sample-fleet.ts';

const MINUTE = 60_000;

/** A problem of a container of the small fleet, by its name. */
export function problemOf(
  environmentId: number,
  name: string,
  rest: Partial<Problem> = {},
): Problem {
  const found = CONTAINERS.find((one) => one.environmentId === environmentId && one.name === name);
  if (!found) throw new Error(`there is no container ${name} in environment ${environmentId}`);
  return {
    ...{ id: `${environmentId}.${found.id}`, environmentId, containerId: found.id, name },
    ...{ kind: 'unhealthy', severity: 'problem', sentence: 'its health check fails' },
    ...{ sinceMs: NOW - 4 * MINUTE, times: 1, lastSeenMs: NOW - MINUTE },
    ...{ acknowledged: null, mutedUntilMs: null, muted: null, endedAtMs: null },
    ...rest,
  };
}

export const PROBLEMS: readonly Problem[] = [
  problemOf(1, 'web-7', {
    acknowledged: { by: 'ops', atMs: NOW - 3 * MINUTE, note: 'new certificate is on its way' },
  }),
  problemOf(5, 'till', {
    ...{ kind: 'restart-loop', sentence: 'keeps restarting, last exit status 1' },
    ...{ times: 14, sinceMs: NOW - 50 * MINUTE, lastSeenMs: NOW - 4_000 },
  }),
  problemOf(5, 'scanner', {
    ...{ kind: 'oom', sentence: 'killed for want of memory', sinceMs: NOW - 12_000 },
  }),
  problemOf(2, 'web-10', {
    ...{ mutedUntilMs: NOW + 42 * MINUTE, muted: { by: 'anna', note: 'deploy' }, times: 3 },
  }),
  problemOf(2, 'web-2', { endedAtMs: NOW - 3 * MINUTE, sinceMs: NOW - 9 * MINUTE, times: 2 }),
  {
    ...problemOf(4, 'worker', { kind: 'no-data', severity: 'no-data', sinceMs: NOW - 2 * MINUTE }),
    ...{ id: '4.no-data', containerId: null, name: 'us-9' },
    sentence: ENVIRONMENTS[3]?.reason ?? '',
  },
];

/** The small fleet as a server tells it, with these problems. */
export function troubled(problems: readonly Problem[] = PROBLEMS): FeedMessage {
  return { ...snapshot(), problems: [...problems] } as FeedMessage;
}
