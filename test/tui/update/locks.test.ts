/** A read-only console and locked environments: nothing that changes is offered, pressed or slipped through. */
import { expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import type { ScreenName } from '../../../src/tui/model/screen.ts';
import type { Settings } from '../../../src/tui/model/settings.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { BINDINGS } from '../../../src/tui/screens/keys.ts';
import { frameText } from '../../support/frame-text.ts';
import { environment, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { wallSnapshot } from '../../support/sample-wall.ts';

const HOSTS = [environment(1, 'eu-1', { tags: ['production'] }), environment(2, 'eu-2')];

function pilotWith(settings: Partial<Settings>): Pilot {
  const pilot = new Pilot(120, 40).live(snapshot(HOSTS));
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, ...settings } };
  return pilot;
}

const CHANGES = new Set<Effect['kind']>([
  'run-operations',
  'open-shell',
  'attach',
  'run-exec',
  'add-environment',
]);
const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const choose = (pilot: Pilot, name: string) => pilot.press('/').type(name).press('enter');

test.each(Object.keys(BINDINGS) as ScreenName[])(
  'read-only: no key on %s leads to a change',
  (screen) => {
    const open: Partial<Record<ScreenName, readonly string[]>> = {
      environments: ['1'],
      logs: ['l'],
      describe: ['d'],
      inspect: ['y'],
      operations: ['9'],
    };
    for (const key of BINDINGS[screen].flatMap((binding) => binding.keys)) {
      const pilot = pilotWith({ isReadOnly: true }).press(...(open[screen] ?? []), key);
      if (pilot.state.dialog) expect(pilot.state.dialog.onOk.kind).toBe('quit');
      expect(pilot.effects.filter(({ kind }) => CHANGES.has(kind))).toEqual([]);
    }
  },
);

test('read-only: the frame says so, footer and help leave out what changes, the key says why', () => {
  const pilot = pilotWith({ isReadOnly: true });
  expect(text(pilot)).toContain('READ-ONLY');
  expect(text(pilot)).not.toContain('ctrl-r');
  expect(text(pilot.press('ctrl-r'))).toContain("Can't restart: this console is read-only.");
  expect(text(pilot.press('?'))).not.toMatch(/ctrl-x|:exec|kill/);
  pilot.press('esc', ':').type('exec id').press('enter');
  expect(text(pilot)).toContain('this console is read-only.');
});

const LOCKED = { locked: ['tag:production'] };

test('a locked environment is closed to changes, shells and commands; its neighbour is not', () => {
  const pilot = choose(pilotWith(LOCKED), 'host:eu-1 web-3');
  expect(text(pilot)).not.toContain('ctrl-r restart');
  expect(text(pilot.press('ctrl-r'))).toContain('eu-1 is locked; :unlock eu-1 15m "why" opens it');
  expect(pilot.state.dialog).toBeUndefined();
  expect(pilot.press('s').effects).toEqual([]);
  const other = choose(pilotWith(LOCKED), 'host:eu-2 web-2').press('ctrl-r');
  expect(other.state.dialog?.title).toBe('Restart eu-2/web-2?');
});

test(':unlock opens it for a time, counts down, tells why in @ and the server', () => {
  const pilot = choose(pilotWith(LOCKED), 'web-3').press(':').type('unlock prod 15m "INC-42"');
  pilot.press('enter');
  const note = { environmentIds: [1], forMs: 900_000, reason: 'INC-42' };
  expect(pilot.effects).toContainEqual({ kind: 'note-unlock', ...note });
  expect(text(pilot)).toContain('unlocked prod 15m');
  expect(text(pilot.wait(14 * 60_000 + 30_000))).toContain('unlocked prod 30s');
  expect(pilot.press('ctrl-r').state.dialog?.title).toBe('Restart eu-1/web-3?');
  pilot.wait(300).press('esc', '@');
  expect(text(pilot)).toContain('Unlocked for 15m: eu-1. Reason: INC-42');
});

test('a question that is answered after the time is over sends nothing and says so', () => {
  const pilot = choose(pilotWith(LOCKED), 'web-3')
    .press(':')
    .type('unlock eu-1 60s why')
    .press('enter');
  pilot.press('ctrl-r').wait(61_000).type('eu-1').press('tab', 'enter');
  expect(pilot.effects.filter(({ kind }) => CHANGES.has(kind))).toEqual([]);
  expect(text(pilot)).toContain('Nothing was sent: eu-1 is locked');
});

test('a clock that is set back ends an unlock instead of prolonging it', () => {
  const pilot = choose(pilotWith(LOCKED), 'web-3')
    .press(':')
    .type('unlock eu-1 1m why')
    .press('enter');
  pilot.wait(-3_600_000).press('ctrl-r');
  expect(pilot.state.dialog).toBeUndefined();
});

test.each([
  ['unlock', 'It is :unlock SCOPE 15m "why"'],
  ['unlock eu-1 15m', 'It is :unlock SCOPE 15m "why"'],
  ['unlock eu-1 9h why', 'An unlock lasts from 1s to 8h.'],
  ['unlock eu-2 15m why', 'Nothing that is locked is called or tagged eu-2.'],
])(':%s says %s', (command, words) => {
  const pilot = pilotWith(LOCKED).press(':').type(command).press('enter');
  expect(text(pilot)).toContain(words);
  expect(pilot.state.unlocks).toEqual([]);
});

test(':lock locks again at once', () => {
  const pilot = choose(pilotWith(LOCKED), 'web-3')
    .press(':')
    .type('unlock eu-1 15m why')
    .press('enter');
  pilot.press(':').type('lock').press('enter', 'ctrl-r');
  expect(pilot.state.dialog).toBeUndefined();
});

test('problems of a locked environment are neither acknowledged nor muted; nor any when read-only', () => {
  const wall = (settings: Partial<Settings>) => {
    const pilot = new Pilot(120, 40).live(wallSnapshot());
    pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, ...settings } };
    return pilot.press('W', 'n');
  };
  const judged = (pilot: Pilot) => pilot.effects.filter(({ kind }) => kind === 'judge');
  expect(judged(wall({}).press('a'))).toHaveLength(1);
  const locked = wall({ locked: ['name:*'] });
  expect(judged(locked.press('a'))).toEqual([]);
  expect(text(locked)).toMatch(/Nothing was sent: \S+ is locked; :unlock/);
  expect(judged(wall({ isReadOnly: true }).press('a'))).toEqual([]);
  expect(judged(wall({ isReadOnly: true }).press('m'))).toEqual([]);
});
