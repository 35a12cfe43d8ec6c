import { expect, test } from 'vitest';
import { Fault } from '../../src/protocol/fault.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';
import type { PlannedOperation } from '../../src/tui/model/job.ts';
import { OperationLanes } from '../../src/tui/operation-lanes.ts';
import { FakeFleet } from '../support/fake-fleet.ts';

const plan = (environmentId: number, containerId: string): PlannedOperation => ({
  operation: {
    operationId: `op-${environmentId}-${containerId}`,
    action: 'restart',
    environmentId,
    containerId,
    containerName: containerId,
  },
  force: false,
});

/** Lanes over hosts that answer when the test says so. */
function lanes() {
  const events: AppEvent[] = [];
  const asked = new Map<string, { resolve(): void; reject(thrown: unknown): void }>();
  const fleet = new FakeFleet({
    act: (id, _action, signal) =>
      new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        signal.addEventListener('abort', () => reject(new Fault('cancelled', 'Cancelled.')));
      }),
  });
  const made = new OperationLanes({ fleet, send: (event) => events.push(event), now: () => 0 });
  const ended = () => events.filter(({ kind }) => kind === 'operation-ended');
  return { lanes: made, asked, events, ended };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('two at a time in each environment; a slow host delays nobody else', async () => {
  const { lanes: run, asked, ended } = lanes();
  run.add(['a', 'b', 'c'].map((id) => plan(1, id)).concat(plan(2, 'd')));
  expect([...asked.keys()]).toEqual(['a', 'b', 'd']);
  asked.get('b')?.resolve();
  await settled();
  expect([...asked.keys()]).toEqual(['a', 'b', 'd', 'c']);
  expect(ended()).toMatchObject([{ operationId: 'op-1-b', outcome: 'done' }]);
});

test('a failure is told in the words of its fault, and the next one has its turn', async () => {
  const { lanes: run, asked, ended } = lanes();
  run.add(['a', 'b', 'c'].map((id) => plan(1, id)));
  asked.get('a')?.reject(new Fault('engine-refused', 'The engine said: no such container.'));
  await settled();
  expect(ended()).toMatchObject([
    { outcome: 'failed', why: 'The engine said: no such container.' },
  ]);
  expect(asked.has('c')).toBe(true);
});

test('cancelling drops what waits and lets go of what is under way', async () => {
  const { lanes: run, asked, ended } = lanes();
  run.add(['a', 'b', 'c'].map((id) => plan(1, id)));
  run.cancel();
  await settled();
  expect(asked.has('c')).toBe(false);
  expect(ended().map((event) => 'outcome' in event && event.outcome)).toEqual(
    Array(3).fill('cancelled'),
  );
  run.add([plan(1, 'later')]);
  expect(asked.has('later')).toBe(true);
});
