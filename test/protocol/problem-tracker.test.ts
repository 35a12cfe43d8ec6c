/** Problems folded from changes: one of each thing, with a count, a beginning, an end, and what a person said of it. */
import { expect, test } from 'vitest';
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import { ProblemTracker } from '../../src/protocol/problem-tracker.ts';
import { container, environment, NOW } from '../support/sample-fleet.ts';

const SECOND = 1_000;
const web = container(1, 'web');
const ill: Container = { ...web, health: 'unhealthy' };
const id = `1.${web.id}`;
const told = (one: Container) => [{ kind: 'container', container: one }] as const;
const link = (connection: Environment['connection']) =>
  [
    { kind: 'environment', environment: environment(1, 'eu-1', { connection, sinceMs: NOW }) },
  ] as const;

test('a container that falls ill is one problem, until it is well', () => {
  const tracker = new ProblemTracker();
  const [begun] = tracker.take(told(ill), NOW);
  expect(begun).toMatchObject({
    kind: 'problem',
    problem: {
      id,
      kind: 'unhealthy',
      severity: 'problem',
      times: 1,
      sinceMs: NOW,
      endedAtMs: null,
    },
  });
  expect(tracker.take(told(ill), NOW + SECOND)).toEqual([]);
  const [ended] = tracker.take(told(web), NOW + 2 * SECOND);
  expect(ended).toMatchObject({ problem: { id, times: 1, endedAtMs: NOW + 2 * SECOND } });
});

test('one that flaps every second is one problem with a count, and ends after a quiet minute', () => {
  const tracker = new ProblemTracker();
  for (let second = 0; second < 60; second += 1) {
    tracker.take(told(second % 2 === 0 ? ill : web), NOW + second * SECOND);
    tracker.settle(NOW + second * SECOND);
  }
  expect([...tracker.problems.values()]).toMatchObject([{ id, times: 30, endedAtMs: null }]);
  const wellAtMs = NOW + 59 * SECOND;
  expect(tracker.settle(wellAtMs + 59 * SECOND)).toEqual([]);
  expect(tracker.settle(wellAtMs + 60 * SECOND)).toMatchObject([
    { problem: { id, endedAtMs: wellAtMs } },
  ]);
});

test('a date that is put back does not hold up the quiet minute', () => {
  const tracker = new ProblemTracker();
  for (const state of [ill, web, ill, web, ill, web]) tracker.take(told(state), NOW);
  tracker.settle(NOW);
  const backMs = NOW - 3_600 * SECOND;
  expect(tracker.settle(backMs)).toEqual([]);
  expect(tracker.settle(backMs + 59 * SECOND)).toEqual([]);
  expect(tracker.settle(backMs + 60 * SECOND)).toMatchObject([{ problem: { id, times: 3 } }]);
});

test('an environment that does not answer has no data; its containers keep their problems', () => {
  const tracker = new ProblemTracker();
  tracker.take(told(ill), NOW);
  expect(tracker.take(link('down'), NOW)).toMatchObject([
    { problem: { id: '1.no-data', severity: 'no-data', containerId: null, name: 'eu-1' } },
  ]);
  expect(tracker.take(link('connecting'), NOW + SECOND)).toEqual([]);
  tracker.take(link('up'), NOW + 2 * SECOND);
  expect(tracker.problems.get('1.no-data')?.endedAtMs).toBe(NOW + 2 * SECOND);
  expect(tracker.problems.get(id)?.endedAtMs).toBeNull();
});

test('what was acknowledged stays so over a restart, and is asked anew when it begins again', () => {
  const before = new ProblemTracker();
  before.take(told(ill), NOW);
  before.judge(id, { kind: 'acknowledge' }, 'ops', NOW + SECOND);
  const after = new ProblemTracker(before.problems.values());
  after.begin([environment(1, 'eu-1', { connection: 'connecting' })], [], NOW + 2 * SECOND);
  expect(after.take(told(ill), NOW + 3 * SECOND)).toEqual([]);
  expect(after.problems.get(id)).toMatchObject({ sinceMs: NOW, acknowledged: { by: 'ops' } });
  after.take(told(web), NOW + 4 * SECOND);
  after.take(told(ill), NOW + 5 * SECOND);
  expect(after.problems.get(id)).toMatchObject({ acknowledged: null, times: 2 });
  expect(after.judge('9.nothing', { kind: 'acknowledge' }, 'ops', NOW)).toBeUndefined();
});

test('a mute runs out by itself', () => {
  const tracker = new ProblemTracker();
  tracker.take(told(ill), NOW);
  tracker.judge(id, { kind: 'mute', forMs: 10 * SECOND }, 'ops', NOW);
  expect(tracker.problems.get(id)?.mutedUntilMs).toBe(NOW + 10 * SECOND);
  expect(tracker.settle(NOW + 9 * SECOND)).toEqual([]);
  tracker.settle(NOW + 10 * SECOND);
  expect(tracker.problems.get(id)?.mutedUntilMs).toBeNull();
});

test('a crash is told by its cause, and goes with its container', () => {
  const tracker = new ProblemTracker();
  const killed: Container = { ...web, state: 'exited', exitCode: 137, finishedAtMs: NOW - SECOND };
  tracker.take(told(killed), NOW);
  expect(tracker.problems.get(id)).toMatchObject({ kind: 'exited', sinceMs: NOW - SECOND });
  tracker.take(told({ ...killed, oomsSeen: 1 }), NOW);
  expect(tracker.problems.get(id)).toMatchObject({ kind: 'oom', times: 1 });
  tracker.take(told({ ...killed, exitCode: 0 }), NOW);
  expect(tracker.problems.get(id)?.endedAtMs).toBe(NOW);
  const gone = { kind: 'container-gone', environmentId: 1, id: web.id } as const;
  expect(tracker.take([gone], NOW)).toEqual([{ kind: 'problem-gone', id }]);
  expect(tracker.problems.size).toBe(0);
});

test('whole lists replace: what is not in them has no problem any more', () => {
  const tracker = new ProblemTracker();
  tracker.take(told(ill), NOW);
  const other = { ...container(1, 'other'), state: 'dead' } as const;
  tracker.take([{ kind: 'containers', environmentId: 1, containers: [other] }], NOW);
  expect([...tracker.problems.values()]).toMatchObject([{ kind: 'dead', name: 'other' }]);
  tracker.take([{ kind: 'environment-gone', environmentId: 1 }], NOW);
  expect(tracker.problems.size).toBe(0);
});

test('there is a most of problems; what has ended makes room', () => {
  const tracker = new ProblemTracker();
  for (let index = 0; index <= 10_000; index += 1) {
    const one = { ...container(1, `c${index}`), id: String(index), state: 'dead' } as const;
    tracker.take(told(one), NOW);
  }
  expect(tracker.problems.size).toBe(10_000);
  tracker.take(told({ ...web, id: '7' }), NOW);
  tracker.take(told(ill), NOW);
  expect(tracker.problems.has('1.7')).toBe(false);
  expect(tracker.problems.has(id)).toBe(true);
  expect(tracker.settle(NOW + 3_600 * SECOND)).toEqual([]);
});
