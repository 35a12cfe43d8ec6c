/** A fleet sorted by what changed stands as if it had been sorted from scratch, whatever happened and was left out in between. */
import { expect, test } from 'vitest';
import type { Change } from '../../../src/protocol/feed.ts';
import type { Sort, SortKey } from '../../../src/tui/model/container-sort.ts';
import { foldFeed } from '../../../src/tui/model/fold-feed.ts';
import { GROUPINGS } from '../../../src/tui/model/list-groups.ts';
import { EMPTY_FLEET, type LiveFleet } from '../../../src/tui/model/live-fleet.ts';
import {
  followTouches,
  type SortedFleet,
  sortFleet,
  UNSORTED,
} from '../../../src/tui/model/sorted-fleet.ts';
import { container, environment, NOW, snapshot } from '../../support/sample-fleet.ts';
import { seededRandom } from '../../support/seeded-random.ts';

type Random = (below: number) => number;

const SORTS: readonly SortKey[] = [
  ...(['name', 'age', 'state', 'host', 'image', 'cpu', 'memory', 'restarts'] as const),
];
const pick = <One>(random: Random, all: readonly One[]): One => all[random(all.length)] as One;

const anySort = (random: Random): Sort => ({
  by: pick(random, SORTS),
  isReversed: random(2) === 0,
  groupBy: pick(random, GROUPINGS),
});

function anyContainer(random: Random) {
  return container(1 + random(4), `c-${random(12)}`, {
    image: `image-${random(3)}`,
    state: pick(random, ['running', 'exited', 'paused'] as const),
    startedAtMs: NOW - random(3),
    restartsSeen: random(3),
    labels: { 'com.docker.compose.project': `stack-${random(2)}` },
  });
}

function anyChange(random: Random): Change {
  const one = anyContainer(random);
  const { environmentId, id } = one;
  const kind = random(20);
  if (kind === 0) return { kind: 'environment-gone', environmentId };
  if (kind === 1) return { kind: 'containers', environmentId, containers: [one] };
  if (kind < 5)
    return { kind: 'environment', environment: environment(environmentId, `host-${random(3)}`) };
  return kind < 9
    ? { kind: 'container-gone', environmentId, id }
    : { kind: 'container', container: one };
}

function measured(fleet: LiveFleet, random: Random): LiveFleet {
  const figures = new Map(fleet.figures);
  for (const [key] of [...fleet.containers.values()].flatMap((own) => [...own]))
    if (random(6) === 0)
      figures.set(key, { atMs: NOW, cpuCores: random(3), memoryBytes: random(3) });
  return { ...fleet, figures };
}

const shown = ({ entries }: SortedFleet) =>
  entries.map(({ key, container: one }) => [key, one.name, one.state]);

test.each([1, 2, 3, 4, 5, 6])('it equals sorting from scratch (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const first = [1, 2, 3, 4].map((id) => environment(id, `host-${id}`));
  const all = Array.from({ length: 30 }, () => anyContainer(random));
  const begun = foldFeed(EMPTY_FLEET, snapshot(first, all), NOW);
  if (begun.kind === 'gap') throw new Error('gap');
  let { fleet } = begun;
  let sort = anySort(random);
  let sorted: SortedFleet = UNSORTED;
  for (let sequence = 2; sequence < 400; sequence++) {
    const before = fleet;
    const changes = Array.from({ length: random(5) }, () => anyChange(random));
    const fold = foldFeed(before, { kind: 'changes', sequence, atMs: NOW, changes }, NOW);
    if (fold.kind === 'gap') throw new Error('gap');
    fleet = fold.fleet;
    // Now and then nobody follows, as on a frozen screen.
    if (!fold.delta.isWhole && random(8) > 0) {
      const followed = followTouches(sorted, fold.delta.containers, { before, fleet });
      if (followed.sort !== undefined && followed !== sorted) {
        const then = { ...fleet, figures: sorted.figures };
        expect(shown(followed)).toEqual(shown(sortFleet(UNSORTED, then, followed.sort)));
      }
      sorted = followed;
    }
    if (random(4) === 0) fleet = measured(fleet, random);
    if (random(10) === 0) sort = anySort(random);
    if (random(3) > 0) continue;
    sorted = sortFleet(sorted, fleet, sort);
    expect(shown(sorted)).toEqual(shown(sortFleet(UNSORTED, fleet, sort)));
  }
});

test('a fleet that is sorted already stays the same object', () => {
  const fold = foldFeed(EMPTY_FLEET, snapshot([environment(1, 'a')], [container(1, 'web')]), NOW);
  if (fold.kind === 'gap') throw new Error('gap');
  const sort: Sort = { by: 'name', isReversed: false, groupBy: 'none' };
  const sorted = sortFleet(UNSORTED, fold.fleet, sort);
  expect(sortFleet(sorted, fold.fleet, { ...sort })).toBe(sorted);
});

test('what changed is followed without looking at the rest', () => {
  const all = ['a', 'b', 'c'].map((name) => container(1, name));
  const begun = foldFeed(EMPTY_FLEET, snapshot([environment(1, 'x')], all), NOW);
  if (begun.kind === 'gap') throw new Error('gap');
  const sort: Sort = { by: 'name', isReversed: false, groupBy: 'none' };
  const sorted = sortFleet(UNSORTED, begun.fleet, sort);
  const change = { kind: 'container', container: container(1, 'b', { exitCode: 3 }) } as const;
  const next = foldFeed(
    begun.fleet,
    { kind: 'changes', sequence: 2, atMs: NOW, changes: [change] },
    NOW,
  );
  if (next.kind === 'gap') throw new Error('gap');
  const { fleet, delta } = next;
  const after = followTouches(sorted, delta.containers, { before: begun.fleet, fleet });
  expect(after.entries[0]).toBe(sorted.entries[0]);
  expect(after.entries[1]?.container.exitCode).toBe(3);
  expect(sortFleet(after, fleet, sort)).toBe(after);
});
