/** Operations as they meet the hosts: what a failure says, what a cancel ends, what of a removed container is kept. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/protocol/fault.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';
import type { JobAction, PlannedOperation } from '../../src/tui/model/job.ts';
import { OperationRuns } from '../../src/tui/operation-runs.ts';
import { FakeFleet } from '../support/fake-fleet.ts';

const plan = (containerId: string, action: JobAction = 'restart'): PlannedOperation => ({
  operation: {
    operationId: `${action}-${containerId}`,
    action,
    environmentId: 1,
    containerId,
    containerName: containerId,
  },
  force: false,
  needs: [],
});

/** Runs over a host that answers when the test says so. */
function runs() {
  const events: AppEvent[] = [];
  const asked = new Map<string, { resolve(): void; reject(thrown: unknown): void }>();
  const fleet = new FakeFleet({
    act: (id, _action, signal) =>
      new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        signal.addEventListener('abort', () => reject(new Fault('cancelled', 'Cancelled.')));
      }),
  });
  const made = new OperationRuns({ fleet, send: (event) => events.push(event), now: () => 0 });
  return { runs: made, asked, events };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('all that is handed in is sent, and each tells its own end', async () => {
  const { runs: run, asked, events } = runs();
  run.run(['a', 'b'].map((id) => plan(id)));
  expect([...asked.keys()]).toEqual(['a', 'b']);
  asked.get('b')?.resolve();
  asked.get('a')?.reject(new Fault('engine-refused', 'The engine said: no such container.'));
  await settled();
  expect(events).toMatchObject([
    { operationId: 'restart-b', outcome: 'done' },
    { operationId: 'restart-a', outcome: 'failed', why: 'The engine said: no such container.' },
  ]);
});

test('a cancel ends the waiting for those it names only', async () => {
  const { runs: run, events } = runs();
  run.run(['a', 'b'].map((id) => plan(id)));
  run.cancel(['restart-a', 'unknown']);
  await settled();
  expect(events).toMatchObject([{ operationId: 'restart-a', outcome: 'cancelled' }]);
});

test('a container whose settings could not be read is removed all the same, and not made again', async () => {
  const { runs: run, asked, events } = runs();
  run.run([plan('a', 'remove')]);
  await settled();
  asked.get('a')?.resolve();
  await settled();
  expect(events).toMatchObject([{ outcome: 'done', isKept: false }]);
  run.run([plan('a', 'recreate')]);
  await settled();
  expect(events[1]).toMatchObject({ outcome: 'failed' });
});
