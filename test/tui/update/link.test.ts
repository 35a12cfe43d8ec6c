/** The view of a link: asked for at once, again every 5 s while it is looked at, and never mixed up with an older answer. */
import { expect, test } from 'vitest';
import type { LinkScreen } from '../../../src/tui/model/link-view.ts';
import { initialState } from '../../../src/tui/model/state.ts';
import { linkIntent } from '../../../src/tui/screens/keys-environments.ts';
import { linkLines } from '../../../src/tui/screens/link.ts';
import { update } from '../../../src/tui/update/update.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { linkStatus } from '../../support/sample-link.ts';

function link(pilot: Pilot): LinkScreen {
  const screen = pilot.state.screens.at(-1);
  if (screen?.kind !== 'link') throw new Error(`on top is ${screen?.kind}`);
  return screen;
}

const open = (): Pilot => new Pilot().live().press('1', 'd', 'L');

function answer(pilot: Pilot, rest: Parameters<typeof linkStatus>[0] = {}): Pilot {
  const { requestId } = link(pilot);
  return pilot.send({
    kind: 'link-status',
    requestId,
    answer: linkStatus(rest),
    atMs: pilot.nowMs,
  });
}

const text = (pilot: Pilot, width = 80): string =>
  linkLines(pilot.state, link(pilot), width)
    .map(({ spans }) => spans.map((span) => span.text).join(''))
    .join('\n');

test('opening asks for the environment under the cursor and shows at once what the feed knows', () => {
  const pilot = open();
  expect(link(pilot).environmentId).toBe(5);
  expect(pilot.effects).toEqual([
    { kind: 'fetch-link', requestId: link(pilot).requestId, environmentId: 5 },
    { kind: 'stop-disk' },
  ]);
  expect(text(pilot)).toContain('tcp://10.0.0.5:9001');
  expect(text(pilot)).toContain('asking the server');
});

test('it is asked for again 5 s after the last question, not while one is under way, and only on top', () => {
  const pilot = open();
  expect(pilot.wait(20_000).effects).toEqual([]);
  answer(pilot);
  expect(pilot.effects).toEqual([]);
  const asked = pilot.wait(5_000).effects;
  expect(asked).toEqual([
    { kind: 'fetch-link', requestId: link(pilot).requestId, environmentId: 5 },
  ]);
  answer(pilot);
  expect(wantedTickMs(pilot.state)).toBeLessThanOrEqual(5_000);
  expect(pilot.press('?').wait(60_000).effects).toEqual([]);
  expect(pilot.press('esc').wait(1_000).effects).toHaveLength(1);
});

test.each(['f5', 'ctrl-l'])('%s asks at once, whatever is under way', (key) => {
  const pilot = open();
  const before = link(pilot).requestId;
  pilot.press(key);
  expect(pilot.effects.map(({ kind }) => kind)).toEqual(['redraw', 'fetch-link']);
  const late = { kind: 'link-status', requestId: before, answer: { why: 'late' } } as const;
  pilot.send({ ...late, atMs: NOW });
  expect(link(pilot)).toMatchObject({ isAsking: true, why: undefined });
});

test('a failure is said, and the last good answer stays beside it', () => {
  const pilot = answer(open(), { roundTripMs: 3.21 }).wait(5_000);
  pilot.send({
    kind: 'link-status',
    requestId: link(pilot).requestId,
    answer: { why: 'jump:9443 did not answer within 5 s.' },
    atMs: pilot.nowMs,
  });
  expect(text(pilot)).toContain('jump:9443 did not answer within 5 s.');
  expect(text(pilot)).toContain('3.2 ms');
  expect(text(answer(pilot.wait(5_000)))).not.toContain('did not answer');
});

test('leaving stops the question; an answer that comes later changes nothing', () => {
  const pilot = open();
  const { requestId } = link(pilot);
  pilot.press('q');
  expect(pilot.effects).toEqual([{ kind: 'stop-link' }]);
  const before = pilot.state;
  pilot.send({ kind: 'link-status', requestId, answer: linkStatus(), atMs: NOW });
  expect(pilot.state).toBe(before);
});

test.each([
  [5_000, false],
  [5_001, true],
  [-5_001, true],
])('a clock %i ms off is worth a warning: %s', (clockOffsetMs, isWarned) => {
  expect(/set the clocks/.test(text(answer(open(), { clockOffsetMs })))).toBe(isWarned);
});

test('a join secret tells how long it still works, or since when it does not', () => {
  const hours = (count: number) => NOW + count * 3_600_000;
  expect(text(answer(open(), { joinExpiresAtMs: hours(5) }))).toContain('works for 5h more');
  expect(text(answer(open(), { joinExpiresAtMs: hours(-5) }))).toContain('expired unused 5h ago');
});

test('of many ends the ten newest are shown, newest first', () => {
  const ends = Array.from({ length: 25 }, (_, index) => ({
    atMs: NOW - (25 - index) * 60_000,
    upMs: index,
    sentence: `End ${index}.`,
    side: 'agent' as const,
  }));
  const shown = [...text(answer(open(), { ends, refused: [] })).matchAll(/End (\d+)\./g)];
  expect(shown.map(([, index]) => Number(index))).toEqual([24, 23, 22, 21, 20, 19, 18, 17, 16, 15]);
});

test('a long view is scrolled to its end and no further', () => {
  const refused = Array.from({ length: 40 }, (_, index) => ({
    atMs: NOW - index * 1_000,
    address: `203.0.113.${index}`,
    code: 'forbidden' as const,
    sentence: 'Environment edge-shop-042 is held by another machine.',
  }));
  const pilot = answer(open(), { refused }).press('G');
  const { top } = link(pilot);
  expect(top).toBeGreaterThan(20);
  expect(link(pilot.press('j'))).toMatchObject({ top });
});

const waiting = ['first', 'second'].map((name, index) => ({
  fingerprint: `the key of the ${name}`,
  address: `203.0.113.${index}`,
  product: 'fleet-agent 0.1.0',
  sinceMs: NOW - 60_000,
  lastAtMs: NOW - 10_000 + index,
}));

test('who waits for a word is shown, and the one that knocked last is accepted after a question', () => {
  const pilot = answer(open(), { state: 'waiting', agentFingerprint: null, waiting });
  expect(text(pilot)).toMatch(/Waiting for your word.*key of the second.*key of the first/s);
  pilot.press('ctrl-y');
  expect(pilot.effects).toEqual([]);
  expect(pilot.state.dialog?.groups[0]?.items).toEqual(['the key of the second']);
  pilot.wait(1_000).press('tab', 'enter');
  const { requestId } = link(pilot);
  const [environmentId, fingerprint] = [5, 'the key of the second'];
  expect(pilot.effects).toEqual([{ kind: 'accept-agent', requestId, environmentId, fingerprint }]);
  answer(pilot, { agentFingerprint: fingerprint });
  expect(text(pilot)).not.toContain('Waiting for your word');
  expect(pilot.press('ctrl-y').state.messages.all.at(-1)?.text).toMatch(/no agent waits/);
});

test('without a server the key and the command say why they are off', () => {
  const state = { ...new Pilot().live().press('1', 'd').state, serverUrl: undefined };
  expect(linkIntent({ ...state, screens: [{ kind: 'environments' }] })).toMatch(
    /only a fleet-server has that/,
  );
  const typed = update(state, { kind: 'key', name: 'L', text: 'L', atMs: NOW });
  expect(typed.effects).toEqual([]);
  expect(typed.state.messages.all.at(-1)?.text).toMatch(
    /^Can't link: .*fleet-server has that.*\.$/,
  );
  expect(initialState('unix:///run/docker.sock', { width: 80, height: 24 }, NOW).serverUrl).toBe(
    undefined,
  );
});

test(':link finds an environment by name from anywhere', () => {
  const pilot = new Pilot().live().press(':').type('link us-9').press('enter');
  expect(link(pilot).environmentId).toBe(4);
  expect(text(pilot)).toContain('does not answer');
  expect(new Pilot().live().press(':').type('link nope').press('enter').state.screens).toHaveLength(
    1,
  );
});

test('an environment that goes away is said to be gone', () => {
  const pilot = answer(open());
  pilot.change({ kind: 'environment-gone', environmentId: 5 });
  expect(text(pilot)).toContain('This environment is gone.');
});
