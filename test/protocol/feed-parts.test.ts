/** A snapshot taken apart and put together again is the same one, and every part of it is a smaller fleet that is true. */
import { expect, test } from 'vitest';
import type { FeedSnapshot } from '../../src/protocol/feed.ts';
import { feedPartSchema, PartsTaken, partsOf } from '../../src/protocol/feed-parts.ts';
import { bigSnapshot, environment } from '../support/sample-fleet.ts';

function takenApart(snapshot: FeedSnapshot): FeedSnapshot {
  const taken = new PartsTaken();
  let whole: FeedSnapshot | undefined;
  for (const part of partsOf(snapshot)) {
    if (part.kind === 'snapshot') whole = taken.complete(part);
    else {
      expect(feedPartSchema.safeParse(part).success).toBe(true);
      expect(taken.take(part) === false).toBe(false);
    }
  }
  if (!whole) throw new Error('No snapshot at the end.');
  return whole;
}

test.each([
  [0, 1],
  [999, 3],
  [1_000, 1],
  [1_000, 10],
  [5_000, 1],
  [12_345, 17],
  [3_000, 700],
])('%i containers on %i hosts', (containers, environments) => {
  const snapshot = bigSnapshot(containers, environments) as FeedSnapshot;
  const silent = environment(9_999, 'silent');
  const withSilent = { ...snapshot, environments: [...snapshot.environments, silent] };
  const whole = takenApart(withSilent);
  expect(whole.environments).toEqual(withSilent.environments);
  expect(whole.containers).toHaveLength(containers);
  expect(new Set(whole.containers).size).toBe(containers);
  expect({ ...whole, containers: [] }).toEqual({ ...withSilent, containers: [] });
});

test('a host comes with all its containers, and no part is much larger than another', () => {
  const parts = [...partsOf(bigSnapshot(12_345, 17) as FeedSnapshot)];
  expect(parts.length).toBeGreaterThan(5);
  for (const { environments, containers } of parts) {
    const ids = new Set(environments.map(({ id }) => id));
    expect(containers.every(({ environmentId }) => ids.has(environmentId))).toBe(true);
    expect(containers.length).toBeLessThan(2_000);
  }
});

test('a small snapshot stays one message', () => {
  const snapshot = bigSnapshot(900, 5) as FeedSnapshot;
  expect([...partsOf(snapshot)].map(({ kind }) => kind)).toEqual(['snapshot']);
});
