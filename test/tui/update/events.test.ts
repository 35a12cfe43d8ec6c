/** The events of the fleet and the history of one object: what is told, what is dropped, what stands still. */
import { expect, test } from 'vitest';
import { MOST_EVENTS } from '../../../src/tui/model/fleet-event.ts';
import { type TrailEntry, trailEvents } from '../../../src/tui/model/trail-memory.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { rowIds } from '../../../src/tui/screens/row-screens.ts';
import { frameText } from '../../support/frame-text.ts';
import { eventful, restarted, tellMemory } from '../../support/sample-events.ts';
import { container, environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { troubled } from '../../support/sample-problems.ts';

const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const title = (pilot: Pilot) => text(pilot).split('\n')[2] ?? '';
const opened = () => eventful(new Pilot(120, 40)).press('7');

function top({ state }: Pilot) {
  const screen = state.screens.at(-1);
  if (screen?.kind !== 'events' && screen?.kind !== 'history') throw new Error('no list of rows');
  return screen;
}

const job = (pilot: Pilot, index: number) =>
  pilot.change({ kind: 'container', container: container(2, `job-${index}`) });

test('what happens is told with its place, and the newest is followed at the end', () => {
  const pilot = opened();
  expect(text(pilot)).toMatch(/eu-1 +web-7 +feed +running healthy, restarted 3 times/);
  expect(text(pilot)).toMatch(/us-1 +environment +feed +does not answer/);
  expect(title(pilot)).toMatch(/follow *$/);
  expect(top(pilot).cursor.selected).toBe(rowIds(pilot.state, top(pilot)).at(-1));
  job(pilot, 1);
  expect(top(pilot).cursor.selected).toBe(rowIds(pilot.state, top(pilot)).at(-1));
});

test('going up stands still and counts what comes; G goes on at the end', () => {
  const pilot = opened().press('k', 'k');
  const { selected } = top(pilot).cursor;
  job(job(pilot, 1), 2);
  expect(top(pilot).cursor.selected).toBe(selected);
  expect(title(pilot)).toMatch(/paused, 2 new *$/);
  expect(title(pilot.press('G'))).toMatch(/follow *$/);
  expect(title(pilot.press('space'))).toMatch(/paused *$/);
});

test('frozen, nothing moves and a counter tells how many wait', () => {
  const pilot = opened().press('r');
  const before = rowIds(pilot.state, top(pilot));
  job(job(job(pilot, 1), 2), 3);
  expect(rowIds(pilot.state, top(pilot))).toEqual(before);
  expect(title(pilot)).toMatch(/frozen, 3 events wait *$/);
  expect(rowIds(pilot.press('r').state, top(pilot))).toHaveLength(before.length + 3);
});

test('the ring is bounded, and the title says how many were let go and since when it knows', () => {
  const pilot = opened();
  expect(title(pilot)).toContain('since 12:04:11');
  const known = pilot.state.events.count;
  pilot.nowMs += 60_000;
  pilot.change(
    ...Array.from({ length: MOST_EVENTS }, (_, index) => ({
      ...{ kind: 'container' as const, container: container(2, `burst-${index}`) },
    })),
  );
  expect(pilot.state.events.all).toHaveLength(MOST_EVENTS);
  expect(title(pilot)).toContain(`${known} older let go`);
  expect(title(pilot)).toContain('since 12:06:11');
});

test('operations of this console stand between the events, each begin and each end', () => {
  const pilot = restarted(new Pilot(120, 40).live()).press('7');
  expect(text(pilot)).toMatch(/eu-2 +web-1 +console +restarting, asked from here/);
  expect(text(pilot)).toMatch(/eu-2 +web-1 +console +restarted from here in 3\.0s/);
});

test('what an environment has when it first answers is no news; after a gap the outcome is told', () => {
  const fresh = environment(9, 'new-1', { lastSeenAtMs: null, connection: 'connecting' });
  const pilot = new Pilot(120, 40).live(snapshot([fresh], [])).press('7');
  pilot.change(
    { kind: 'environment', environment: environment(9, 'new-1') },
    { kind: 'containers', environmentId: 9, containers: [container(9, 'old-timer')] },
  );
  expect(text(pilot)).not.toContain('old-timer');
  pilot.nowMs += 42_000;
  const ended = container(9, 'old-timer', { state: 'exited', exitCode: 3, startedAtMs: null });
  pilot.feed({ ...snapshot([environment(9, 'new-1')], [ended]) });
  expect(text(pilot)).toContain('began anew after 42s; of that time');
  expect(text(pilot)).toMatch(/new-1 +old-timer +feed +exited 3/);
});

test('filter, scope and order narrow and turn the list; another order is not followed', () => {
  const pilot = opened().press('/').type('host:eu-2 137').press('enter');
  expect(rowIds(pilot.state, top(pilot))).toHaveLength(1);
  pilot.press('esc', 'ctrl-g').type('eu-1').press('enter');
  expect(title(pilot)).toContain('events of eu-1');
  expect(rowIds(pilot.press('0').state, top(pilot)).length).toBeGreaterThan(3);
  expect(title(pilot.press('S'))).toMatch(/by urgency/);
  expect(top(pilot)).toMatchObject({ isFollowing: false });
});

test('enter goes to what is there; of what is gone the history is still told', () => {
  const pilot = opened();
  expect(text(pilot.press('enter'))).toContain('its container is gone; b tells its history');
  expect(pilot.press('b').state.screens.at(-1)).toMatchObject({
    kind: 'history',
    environmentId: 2,
  });
  expect(text(pilot)).toContain('exited 137');
  const silent = opened().press('k', 'k', 'k').press('enter');
  expect(silent.state.screens.at(-1)).toMatchObject({ kind: 'environment', environmentId: 3 });
});

test('a history joins what the engine remembers, what was seen, done and wrong; nothing is told twice', () => {
  const pilot = new Pilot(120, 40)
    .live(troubled())
    .press('/')
    .type('host:eu-1 web-7')
    .press('enter');
  pilot.press('b');
  expect(text(pilot)).toContain('asking the engine…');
  tellMemory(pilot);
  const shown = text(pilot);
  expect(shown).toContain('health check: healthy, 3 times in a row');
  expect(shown).not.toContain('exec');
  expect(shown).toMatch(/engine +run ended with status 143/);
  expect(shown).toMatch(/problem +acknowledged by ops: new certificate is on its way/);
  pilot.nowMs = NOW + 30_000;
  const web7 = container(1, 'web-7', { health: 'healthy', startedAtMs: NOW - 1_000 });
  pilot.change({ kind: 'container', container: web7 });
  expect(text(pilot)).toMatch(/feed +running healthy/);
  pilot.press('f5');
  tellMemory(pilot);
  expect(text(pilot)).toMatch(/feed +running healthy/);
});

test('an engine that can not be asked is said, and a late answer to another history is dropped', () => {
  const pilot = new Pilot(120, 40).live(troubled()).press('1', 'b');
  const effect = pilot.effects.find(({ kind }) => kind === 'fetch-history');
  if (effect?.kind !== 'fetch-history') throw new Error('nobody asked');
  const answer = { why: 'edge-shop-042 does not answer.' };
  const told = { kind: 'history-told', part: 'engine', answer, atMs: NOW } as const;
  expect(title(pilot.send({ ...told, requestId: effect.requestId + 7 }))).toContain('asking');
  expect(title(pilot.send({ ...told, requestId: effect.requestId }))).toContain(
    'no word of the engine',
  );
  expect(pilot.press('esc').effects).toContainEqual({ kind: 'stop-history' });
});

test('the audit trail tells who did what to it, once for each call, and how it ended', () => {
  const { id } = container(1, 'web-7');
  const row = (sequence: number, phase: string, rest: Partial<TrailEntry> = {}): TrailEntry => ({
    ...{ sequence, atMs: NOW - 60_000 + sequence, phase, requestId: `r${sequence}`, user: 'anna' },
    ...{ method: 'POST', path: `/api/endpoints/1/docker/containers/${id}/restart` },
    ...{ operationId: null, status: null },
    ...rest,
  });
  const rows = [
    row(1, 'asked', { requestId: 'a' }),
    row(2, 'ended', { requestId: 'a', status: 204 }),
    row(3, 'asked'),
    row(4, 'done', {
      method: 'DELETE',
      path: '/api/endpoints/1/docker/containers/web-7',
      status: 403,
    }),
    row(5, 'done', { path: '/api/endpoints/1/docker/containers/web-70/kill' }),
  ];
  const told = trailEvents(rows, { environmentId: 1, containerId: id, name: 'web-7' });
  expect(told.map(({ text: words, tone }) => `${tone} ${words}`)).toEqual([
    'plain restart by anna',
    'plain restart by anna, outcome unknown',
    'problem remove by anna refused with 403',
  ]);
});
