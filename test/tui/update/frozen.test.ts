/** What waits while the screen stands still: the rows that will look otherwise, not the messages that came. */
import { expect, test } from 'vitest';
import {
  CONTAINERS,
  container,
  ENVIRONMENTS,
  environment,
  NOW,
  Pilot,
  snapshot,
} from '../../support/sample-fleet.ts';

const waiting = ({ state }: Pilot) => state.frozen?.waiting.size;
const CALM = container(2, 'web-2', { health: 'healthy' });
const SICK = container(2, 'web-2', { health: 'unhealthy' });

test('beats and loads change nothing that stands there', () => {
  const pilot = new Pilot().live().press('r');
  pilot.feed({ kind: 'beat', sequence: 1, atMs: NOW, seenAtMs: { '1': NOW, '2': NOW } });
  const load = {
    environmentId: 1,
    atMs: NOW,
    cpuPercent: 80,
    memoryBytes: 1,
    memoryTotalBytes: 2,
  };
  pilot.change({ kind: 'load', load });
  pilot.change({ kind: 'container', container: CALM });
  expect(waiting(pilot)).toBe(0);
});

test('a row counts once, and no more when it is again as it stands there', () => {
  const pilot = new Pilot().live().press('r');
  pilot.change({ kind: 'container', container: SICK });
  pilot.change({ kind: 'container', container: { ...SICK, restartsSeen: 1 } });
  expect(waiting(pilot)).toBe(1);
  pilot.change({ kind: 'container', container: CALM });
  expect(waiting(pilot)).toBe(0);
});

test('what the filter hides does not wait, nor does what comes and goes', () => {
  const pilot = new Pilot().live().press('/').type('db').press('enter', 'r');
  pilot.change({ kind: 'container', container: SICK });
  pilot.change({ kind: 'container', container: container(3, 'db-new') });
  expect(waiting(pilot)).toBe(1);
  const { id } = container(3, 'db-new');
  pilot.change({ kind: 'container-gone', environmentId: 3, id });
  expect(waiting(pilot)).toBe(0);
});

test('an environment that goes down waits; a new snapshot counts what differs in it', () => {
  const pilot = new Pilot().live().press('r');
  const down = environment(3, 'us-1', { connection: 'down', reason: 'It is gone.' });
  pilot.change({ kind: 'environment', environment: down });
  expect(waiting(pilot)).toBe(1);
  pilot.feed(snapshot(ENVIRONMENTS, CONTAINERS));
  expect(waiting(pilot)).toBe(0);
  pilot.feed(snapshot(ENVIRONMENTS, CONTAINERS.slice(2)));
  expect(waiting(pilot)).toBe(2);
});
