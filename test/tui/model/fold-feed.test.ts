import { describe, expect, test } from 'vitest';
import type { Container } from '../../../src/protocol/container.ts';
import type { Environment } from '../../../src/protocol/environment.ts';
import type { Change, FeedMessage } from '../../../src/protocol/feed.ts';
import { isProblem } from '../../../src/tui/model/condition.ts';
import { foldFeed } from '../../../src/tui/model/fold-feed.ts';
import { ageOf, EMPTY_FLEET, type LiveFleet } from '../../../src/tui/model/live-fleet.ts';
import { container, environment, NOW, snapshot } from '../../support/sample-fleet.ts';
import { seededRandom } from '../../support/seeded-random.ts';

function fold(fleet: LiveFleet, message: FeedMessage, nowMs = NOW): LiveFleet {
  const result = foldFeed(fleet, message, nowMs);
  if (result.kind === 'gap') throw new Error('gap');
  return result.fleet;
}

const changes = (sequence: number, ...list: Change[]): FeedMessage => ({
  kind: 'changes',
  sequence,
  atMs: NOW,
  changes: list,
});

describe('sequence numbers', () => {
  const live = fold(EMPTY_FLEET, snapshot());

  test('rise by one with each batch of changes; a beat repeats the last', () => {
    const beat: FeedMessage = { kind: 'beat', sequence: 2, atMs: NOW, seenAtMs: {} };
    const later = fold(fold(live, changes(2)), beat);
    expect(fold(later, changes(3)).sequence).toBe(3);
  });

  test('that skip, repeat, or come before a snapshot are a gap', () => {
    expect(foldFeed(live, changes(3), NOW).kind).toBe('gap');
    expect(foldFeed(live, changes(1), NOW).kind).toBe('gap');
    expect(foldFeed(EMPTY_FLEET, changes(1), NOW).kind).toBe('gap');
    const beat: FeedMessage = { kind: 'beat', sequence: 4, atMs: NOW, seenAtMs: {} };
    expect(foldFeed(live, beat, NOW).kind).toBe('gap');
  });
});

test('a change leaves what was handed out before as it was', () => {
  const before = fold(EMPTY_FLEET, snapshot([environment(1, 'a')], [container(1, 'web')]));
  const held = before.containers.get(1);
  fold(before, changes(2, { kind: 'container', container: container(1, 'db') }));
  expect(held?.size).toBe(1);
});

test('a beat moves the age of the data', () => {
  const live = fold(EMPTY_FLEET, snapshot([environment(1, 'a')], []));
  const seenAtMs = { '1': NOW + 4_000 };
  const next = fold(live, { kind: 'beat', sequence: 1, atMs: NOW + 5_000, seenAtMs }, NOW + 5_000);
  const [present] = next.environments.values();
  expect(present && ageOf(next, present, NOW + 5_000)).toBe(1_000);
});

test('a clock that differs from the sender, and slow messages, do not falsify ages', () => {
  const hour = 3_600_000;
  const live = fold(EMPTY_FLEET, snapshot([environment(1, 'a')], []), NOW + hour + 900);
  const quick: FeedMessage = { kind: 'beat', sequence: 1, atMs: NOW + 5_000, seenAtMs: {} };
  const next = fold(live, quick, NOW + hour + 5_010);
  const [present] = next.environments.values();
  expect(present && ageOf(next, present, NOW + hour + 5_010)).toBe(6_000);
});

describe('a clock of the sender that', () => {
  const hour = 3_600_000;
  const live = fold(EMPTY_FLEET, snapshot([environment(1, 'a')], []));
  const beat = (atMs: number): FeedMessage => ({
    kind: 'beat',
    sequence: 1,
    atMs,
    seenAtMs: { '1': atMs - 500 },
  });
  const age = (fleet: LiveFleet, nowMs: number) => {
    const [present] = fleet.environments.values();
    return present && ageOf(fleet, present, nowMs);
  };

  test.each([-hour, hour])('was set by %d ms makes nothing old', (setMs) => {
    const nowMs = NOW + 5_000;
    const told: FeedMessage = { ...changes(2), atMs: nowMs + setMs } as FeedMessage;
    expect(age(fold(live, told, nowMs), nowMs)).toBe(6_000);
    expect(age(fold(live, beat(nowMs + setMs), nowMs), nowMs)).toBe(500);
    const seenAtMs = { '1': NOW - 1_000 };
    const unseen: FeedMessage = { kind: 'beat', sequence: 1, atMs: nowMs + setMs, seenAtMs };
    expect(age(fold(live, unseen, nowMs), nowMs)).toBe(6_000);
  });

  test('drifts is followed, however long the console runs', () => {
    let fleet = live;
    const drift = 0.000_05;
    for (let ms = 0; ms <= 40 * 24 * hour; ms += 30_000)
      fleet = fold(fleet, beat(NOW + ms * (1 - drift)), NOW + ms);
    expect(age(fleet, NOW + 40 * 24 * hour)).toBeLessThan(600);
  });
});

/** A fleet kept the simplest way, to compare with. */
class Naive {
  environments = new Map<number, Environment>();
  containers = new Map<string, Container>();

  apply(change: Change): void {
    if (change.kind === 'environment')
      this.environments.set(change.environment.id, change.environment);
    if (change.kind === 'container') this.put(change.container);
    if (change.kind === 'container-gone')
      this.containers.delete(`${change.environmentId}/${change.id}`);
    if (change.kind !== 'environment-gone' && change.kind !== 'containers') return;
    for (const [key, { environmentId }] of this.containers) {
      if (environmentId === change.environmentId) this.containers.delete(key);
    }
    if (change.kind === 'environment-gone') this.environments.delete(change.environmentId);
    else for (const one of change.containers) this.put(one);
  }

  put(one: Container): void {
    this.containers.set(`${one.environmentId}/${one.id}`, one);
  }

  tally(id: number) {
    const own = [...this.containers.values()].filter((one) => one.environmentId === id);
    const running = own.filter((one) => one.state === 'running').length;
    return { total: own.length, running, problems: own.filter(isProblem).length };
  }
}

function randomChange(random: (below: number) => number): Change {
  const environmentId = 1 + random(4);
  const one = container(environmentId, `c-${random(12)}`, {
    state: random(3) === 0 ? 'exited' : 'running',
    exitCode: random(2),
    health: random(4) === 0 ? 'unhealthy' : 'healthy',
  });
  switch (random(8)) {
    case 0:
      return { kind: 'environment', environment: environment(environmentId, `e-${random(3)}`) };
    case 1:
      return { kind: 'environment-gone', environmentId };
    case 2:
      return { kind: 'container-gone', environmentId, id: one.id };
    case 3:
      return { kind: 'containers', environmentId, containers: random(2) === 0 ? [] : [one] };
    default:
      return { kind: 'container', container: one };
  }
}

test.each([1, 2, 3, 4, 5])('after any feed the model equals a naive one (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const naive = new Naive();
  let live = fold(EMPTY_FLEET, snapshot([], []));
  for (let sequence = 2; sequence < 300; sequence++) {
    const batch = Array.from({ length: random(5) }, () => randomChange(random));
    for (const change of batch) naive.apply(change);
    live = fold(live, changes(sequence, ...batch));
  }
  expect(live.environments).toEqual(naive.environments);
  const flat = [...live.containers.values()].flatMap((own) => [...own]);
  expect(new Map(flat)).toEqual(naive.containers);
  for (const [id, tally] of live.tallies) expect(tally).toEqual(naive.tally(id));
});
