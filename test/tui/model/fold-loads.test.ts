import { expect, test } from 'vitest';
import { type Change, type FeedMessage, feedMessageSchema } from '../../../src/protocol/feed.ts';
import type { EnvironmentLoad } from '../../../src/protocol/load.ts';
import { KEPT_LOADS } from '../../../src/protocol/load-pace.ts';
import { foldFeed } from '../../../src/tui/model/fold-feed.ts';
import { EMPTY_FLEET, type LiveFleet } from '../../../src/tui/model/live-fleet.ts';
import { container, environment, NOW, snapshot } from '../../support/sample-fleet.ts';

const load = (environmentId: number, atMs: number, cpuPercent = 10): EnvironmentLoad => ({
  environmentId,
  atMs,
  cpuPercent,
  memoryBytes: 1 << 30,
  memoryTotalBytes: 4 << 30,
});

function fold(fleet: LiveFleet, message: FeedMessage) {
  const result = foldFeed(fleet, message, NOW);
  if (result.kind === 'gap') throw new Error('gap');
  return result;
}

function after(fleet: LiveFleet, ...changes: Change[]) {
  return fold(fleet, { kind: 'changes', sequence: (fleet.sequence ?? 0) + 1, atMs: NOW, changes });
}

const begin = fold(EMPTY_FLEET, snapshot([environment(1, 'a')], [container(1, 'web')])).fleet;

test('loads line up by time, and a list of containers need not be built anew for one', () => {
  const { fleet, delta } = after(begin, { kind: 'load', load: load(1, NOW) });
  const next = after(
    fleet,
    { kind: 'load', load: load(1, NOW + 10_000, 20) },
    { kind: 'load', load: load(1, NOW, 99) },
  ).fleet;
  expect(next.loads.get(1)?.map(({ cpuPercent }) => cpuPercent)).toEqual([10, 20]);
  expect(fleet.loads.get(1)).toHaveLength(1);
  expect(delta).toMatchObject({ isWhole: false, hasEnvironments: false });
  expect(delta.containers.size).toBe(0);
});

test('a snapshot brings what its sender still knows, and one without loads is as good', () => {
  const sent = snapshot([environment(1, 'a')], []) as Extract<FeedMessage, { kind: 'snapshot' }>;
  const loads = [load(1, NOW), load(1, NOW + 10_000), load(7, NOW)];
  expect(fold(EMPTY_FLEET, { ...sent, loads }).fleet.loads.get(1)).toEqual(loads.slice(0, 2));
  expect(fold(EMPTY_FLEET, sent).fleet.loads.size).toBe(0);
});

test('no more than ten minutes are kept, and nothing of an environment that is gone', () => {
  let fleet = begin;
  for (let step = 0; step < KEPT_LOADS + 5; step += 1) {
    fleet = after(fleet, { kind: 'load', load: load(1, NOW + step, step) }).fleet;
  }
  expect(fleet.loads.get(1)).toHaveLength(KEPT_LOADS);
  expect(fleet.loads.get(1)?.[0]?.cpuPercent).toBe(5);
  const gone = after(fleet, { kind: 'environment-gone', environmentId: 1 }).fleet;
  const late = after(gone, { kind: 'load', load: load(1, NOW + 9_999) }).fleet;
  expect(late.loads.size).toBe(0);
});

test('a kind of change that only a newer sender knows is left out; a known one must be right', () => {
  const message = (change: unknown) => ({
    kind: 'changes',
    sequence: 2,
    atMs: NOW,
    changes: [change],
  });
  const newer = feedMessageSchema.parse(message({ kind: 'weather', sky: 'blue' }));
  expect(newer).toEqual({ kind: 'changes', sequence: 2, atMs: NOW, changes: [] });
  expect(feedMessageSchema.safeParse(message({ kind: 'load' })).success).toBe(false);
  expect(feedMessageSchema.safeParse(message({ sky: 'blue' })).success).toBe(false);
});
