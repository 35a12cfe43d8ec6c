/** The list of problems: what it shows in which order, and what a person says of one. */
import { expect, test } from 'vitest';
import { ProblemTracker } from '../../../src/protocol/problem-tracker.ts';
import { parseMute } from '../../../src/tui/model/mute-words.ts';
import { shownProblems } from '../../../src/tui/model/problem-list.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { CONTAINERS, ENVIRONMENTS, NOW, Pilot } from '../../support/sample-fleet.ts';
import { PROBLEMS, problemOf, troubled } from '../../support/sample-problems.ts';

const opened = (width = 120, height = 40) => new Pilot(width, height).live(troubled()).press('8');
const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);

function names(pilot: Pilot): readonly string[] {
  const screen = pilot.state.screens.at(-1);
  if (screen?.kind !== 'problems') throw new Error('the problems are not on top');
  const { fleet, scope } = pilot.state;
  return shownProblems(fleet, scope, screen).map(({ name }) => name);
}

test('what nobody sees to comes first, then what is seen to, then what is muted; what ended is last', () => {
  expect(names(opened())).toEqual(['scanner', 'till', 'us-9', 'web-7', 'web-10', 'web-2']);
  expect(names(opened().press('S'))).toEqual([
    ...['web-10', 'web-7', 'us-9', 'till', 'scanner'],
    'web-2',
  ]);
  expect(names(opened().press('R')).slice(0, 2)).toEqual(['till', 'web-10']);
  expect(names(opened().press('!'))).not.toContain('web-2');
});

test('the filter knows hosts, states, labels and what people wrote', () => {
  const found = (filter: string) => names(opened().press('/').type(filter));
  expect(found('host:eu-1')).toEqual(['web-7']);
  expect(found('state:restarting')).toEqual(['till']);
  expect(found('-l tier=edge')).toEqual(['web-7']);
  expect(found('certificate')).toEqual(['web-7']);
  expect(found('state:down')).toEqual(['us-9']);
  expect(text(opened().press('/').type('nothing-has-this'))).toContain('No problems match');
});

test('a scope narrows them and stays on the screen; 0 widens it again', () => {
  const pilot = opened().press('ctrl-g').type('eu-1').press('enter');
  expect(names(pilot)).toEqual(['web-7']);
  expect(text(pilot)).toContain('problems of eu-1');
  expect(names(pilot.press('0'))).toHaveLength(6);
});

test('enter goes to the container, or to the environment that says nothing', () => {
  expect(opened().press('enter').state.screens.at(-1)).toMatchObject({ kind: 'describe' });
  const silent = opened().press('j', 'j', 'enter').state.screens.at(-1);
  expect(silent).toMatchObject({ kind: 'environment', environmentId: 4 });
});

test('a note goes with an acknowledgement of the problem that was asked about', () => {
  const pilot = opened().press('j', 'a').type('on it');
  pilot.change({ kind: 'problem', problem: problemOf(1, 'web-3') }).press('enter');
  const ids = [PROBLEMS[1]?.id];
  expect(pilot.effects).toEqual([
    { kind: 'judge', ids, verdict: { kind: 'acknowledge', note: 'on it' } },
  ]);
  expect(opened().press('j', 'j', 'j', 'a').effects).toMatchObject([
    { kind: 'judge', verdict: { kind: 'withdraw' } },
  ]);
});

test('a mute has its time and its note; a time that makes no sense stays in the prompt', () => {
  const muted = opened().press('m').type('2h deploy').press('enter');
  expect(muted.effects).toMatchObject([
    { verdict: { kind: 'mute', forMs: 7_200_000, note: 'deploy' } },
  ]);
  const verdict = { kind: 'mute', forMs: 7_200_000 } as const;
  muted.send({ kind: 'judged', verdict, done: 1, all: 1, why: undefined, atMs: NOW });
  expect(text(muted)).toContain('Muted for 2h: 1 problem.');
  const wrong = opened().press('m').type('soon').press('enter');
  expect(wrong.state.prompt).toBeDefined();
  expect(wrong.effects).toEqual([]);
  expect(parseMute('')).toEqual({ forMs: 3_600_000, note: undefined });
  expect(parseMute('9d')).toHaveProperty('why');
});

const marked = () => opened().press('space', 'j', 'space');

test('marks stay through filter and order; esc takes them before the filter', () => {
  const pilot = marked().press('/').type('web').press('enter', 'S');
  expect(text(pilot)).toContain('2 marked');
  expect(text(pilot.press('esc'))).not.toContain('marked');
  expect(names(pilot)).toEqual(['web-10', 'web-7', 'web-2']);
  expect(names(pilot.press('esc'))).toHaveLength(6);
  expect(text(opened().press('*'))).toContain('5 marked');
  expect(text(opened().press('*', '*'))).not.toContain('marked');
  expect(text(opened().press('G', 'space'))).toContain("Can't mark: it has ended.");
});

test('a range marks all between its two ends that last; esc leaves it before the marks', () => {
  const pilot = opened().press('j', 'v', 'j', 'j');
  expect(text(pilot)).toMatch(/^ \*! .*till/m);
  expect(text(pilot)).not.toContain('marked');
  expect(text(pilot.press('v'))).toContain('3 marked');
  const withEnded = opened().press('G', 'v', 'k', 'k', 'space');
  expect(text(withEnded)).toContain('2 marked');
  const none = new Pilot(120, 40).live().press('8', 'v');
  expect(text(none)).toContain("Can't begin a range here: no problem is selected.");
  const left = opened().press('space', 'v', 'j', 'j', 'esc');
  expect(text(left)).toContain('1 marked');
  expect(text(left.press('esc'))).not.toContain('marked');
});

test('a mark that the filter hides is asked about, even when it is the only one', () => {
  const pilot = opened().press('space', '/').type('web').press('enter');
  const { effects } = pilot.press('a').press('enter');
  expect(effects).toEqual([]);
  expect(text(pilot)).toMatch(/Acknowledge 1 problem on one environment\?/);
  expect(text(pilot)).toContain('Marked, and not in the list now: edge-shop-042/scanner.');
  expect(text(pilot.press('esc'))).toContain('1 marked');
  const shown = opened().press('space', 'k', 'a', 'enter');
  expect(shown.effects).toMatchObject([{ kind: 'judge', ids: [expect.any(String)] }]);
});

test('one verdict for all marked: a note, a plan by environment, and the marks go when it was done', () => {
  const pilot = marked().press('a').type('deploy').press('enter');
  expect(pilot.effects).toEqual([]);
  expect(text(pilot)).toMatch(/Acknowledge 2 problems on 2 environments\?/);
  expect(text(pilot)).toMatch(/us-9: 1 problem/);
  pilot.wait(300).press('y');
  const ids = ['scanner', 'us-9'].map((name) => PROBLEMS.find((one) => one.name === name)?.id);
  const verdict = { kind: 'acknowledge', note: 'deploy' } as const;
  expect(pilot.effects).toEqual([{ kind: 'judge', ids, verdict }]);
  const failed = {
    kind: 'judged',
    verdict,
    done: 1,
    all: 2,
    why: 'The server is gone.',
    atMs: NOW,
  } as const;
  expect(text(pilot.send(failed))).toContain(
    'Acknowledged: 1 of 2 problems. Then: The server is gone.',
  );
  expect(text(pilot)).toContain('2 marked');
  expect(text(pilot.send({ ...failed, done: 2, why: undefined }))).not.toContain('marked');
});

test('of the marked ones only those are acknowledged that nobody sees to; where all are, that is taken back', () => {
  const mixed = opened().press('*', 'a').press('enter');
  expect(text(mixed)).toMatch(/Acknowledge 4 problems/);
  const acknowledged = { by: 'ops', atMs: NOW };
  const seenTo = PROBLEMS.map((problem) => ({ ...problem, acknowledged }));
  const pilot = new Pilot(120, 40).live(troubled(seenTo)).press('8', '*', 'a');
  expect(text(pilot)).toMatch(/Take back 5 problems on 4 environments\?/);
});

test('what is in a locked environment is left out of the plan, which says so', () => {
  const pilot = marked();
  const settings = { ...pilot.state.settings, locked: ['us-9'] };
  pilot.state = { ...pilot.state, settings };
  pilot.press('a').press('enter');
  expect(text(pilot)).toMatch(/Acknowledge 1 problem on one environment/);
  expect(text(pilot)).toMatch(/Left out: us-9 \(/);
});

test('nothing is called well before everything has answered', () => {
  const connecting = new Pilot().press('8');
  expect(text(connecting)).toContain('Connecting to');
  expect(text(new Pilot().live().press('8'))).toContain('4 of 5 environments answer');
});

test('who muted a problem and why is forgotten with the mute, not with an acknowledgement', () => {
  const tracker = new ProblemTracker();
  tracker.begin(ENVIRONMENTS, CONTAINERS, NOW);
  const [id = ''] = tracker.problems.keys();
  tracker.judge(id, { kind: 'mute', forMs: 60_000, note: 'x'.repeat(900) }, 'ops', NOW);
  tracker.judge(id, { kind: 'acknowledge', note: '' }, 'anna', NOW);
  expect(tracker.problems.get(id)).toMatchObject({ muted: { by: 'ops' } });
  expect(tracker.problems.get(id)?.muted?.note).toHaveLength(200);
  expect(tracker.problems.get(id)?.acknowledged).toEqual({ by: 'anna', atMs: NOW });
  tracker.settle(NOW + 60_001);
  expect(tracker.problems.get(id)).toMatchObject({ muted: null, mutedUntilMs: null });
});
