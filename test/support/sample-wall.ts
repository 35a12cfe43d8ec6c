/** A fleet for the wall: so many hosts with history, one down, a few with problems, as a server would tell it. */
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import type { FeedSnapshot } from '../../src/protocol/feed.ts';
import type { EnvironmentLoad } from '../../src/protocol/load.ts';
import { ProblemTracker } from '../../src/protocol/problem-tracker.ts';
import { container, environment, NOW } from './sample-fleet.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const REGIONS = ['eu', 'us', 'ap'] as const;

export function wallEnvironments(count: number): readonly Environment[] {
  return Array.from({ length: count }, (_, index) => {
    const region = REGIONS[index % 3] ?? 'eu';
    const name = `${region}-${Math.floor(index / 3) + 1}`;
    const tags = [region, index % 2 === 0 ? 'production' : 'staging'];
    if (index !== 4) return environment(index + 1, name, { tags });
    const lastSeenAtMs = NOW - 3 * MINUTE;
    const reason = 'The agent does not answer: connect timeout 5 s.';
    const down = { connection: 'down', sinceMs: NOW - 2 * MINUTE, lastSeenAtMs, reason } as const;
    return environment(index + 1, name, { tags, ...down });
  });
}

function containersOf({ id }: Environment): readonly Container[] {
  const shop = { labels: { 'com.docker.compose.project': id % 2 === 0 ? 'shop' : 'pay' } };
  const all = Array.from({ length: 8 + (id % 5) }, (_, index) =>
    container(id, `web-${index + 1}`, shop),
  );
  const [first, second, ...rest] = all;
  if (!first || !second) return all;
  const ended = { state: 'exited', startedAtMs: null, exitCode: 137 } as const;
  if (id === 1) return [{ ...first, health: 'unhealthy' }, second, ...rest];
  if (id === 3) {
    return [first, { ...second, ...ended, oomsSeen: 1, finishedAtMs: NOW - 40 * SECOND }, ...rest];
  }
  if (id === 8) return [{ ...first, state: 'paused' }, second, ...rest];
  if (id === 10) return [{ ...first, ...ended, finishedAtMs: NOW - 9 * MINUTE }, second, ...rest];
  if (id === 12) return [{ ...first, health: 'unhealthy' }, second, ...rest];
  return all;
}

function loadsOf({ id }: Environment): readonly EnvironmentLoad[] {
  return Array.from({ length: 60 }, (_, index) => ({
    environmentId: id,
    atMs: NOW - (60 - index) * 10 * SECOND,
    cpuPercent: Math.max(1, (id * 13) % 60) + 10 * Math.sin((index + id * 7) / (3 + (id % 4))),
    memoryBytes: (2 + (id % 5)) * 1024 ** 3,
    memoryTotalBytes: 16 * 1024 ** 3,
  }));
}

/** The snapshot of so many hosts; the fourth problem is acknowledged, the fifth muted. */
export function wallSnapshot(count = 14): FeedSnapshot {
  const environments = wallEnvironments(count);
  const containers = environments.flatMap(containersOf);
  const tracker = new ProblemTracker();
  tracker.begin(environments, containers, NOW - 4 * MINUTE);
  for (const { id, environmentId } of [...tracker.problems.values()]) {
    if (environmentId === 10) tracker.judge(id, { kind: 'acknowledge' }, 'ops', NOW - MINUTE);
    if (environmentId === 12) tracker.judge(id, { kind: 'mute', forMs: 60 * MINUTE }, 'ops', NOW);
  }
  return {
    kind: 'snapshot',
    sequence: 1,
    atMs: NOW,
    environments: [...environments],
    containers: [...containers],
    loads: environments.flatMap(loadsOf),
    problems: [...tracker.problems.values()],
  };
}

/** The snapshot with somebody working on these environments for 42 minutes more. */
export function maintained(snapshot: FeedSnapshot, ...ids: readonly number[]): FeedSnapshot {
  const maintenance = {
    ...{ sinceMs: NOW - 18 * MINUTE, untilMs: NOW + 42 * MINUTE },
    ...{ by: 'anna', why: 'kernel update' },
  };
  const environments = snapshot.environments.map((one) =>
    ids.includes(one.id) ? { ...one, maintenance } : one,
  );
  return { ...snapshot, environments };
}
