/** Environments in maintenance: begun and ended by a key, a state of their own on the wall and in the list. */
import { expect, test } from 'vitest';
import { focusedField } from '../../../src/tui/model/form.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wallNow } from '../../../src/tui/screens/wall.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { maintained, wallSnapshot } from '../../support/sample-wall.ts';

const HOUR_MS = 3_600_000;
const wall = (...ids: number[]) =>
  new Pilot(120, 40).live(maintained(wallSnapshot(), ...ids)).press('W');
const list = (...ids: number[]) =>
  new Pilot(120, 40).live(maintained(wallSnapshot(), ...ids)).press('1');
const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);

function tile(pilot: Pilot, name: string) {
  const screen = pilot.state.screens.at(-1);
  if (screen?.kind !== 'wall') throw new Error('the wall is not on top');
  return wallNow(pilot.state, screen).tiles.find((one) => one.name === name);
}

const sending = ({ state }: Pilot) => {
  const screen = state.screens.at(-1);
  return screen?.kind === 'form' ? (screen.sending ?? -1) : -1;
};

test('what is worked on is neither a problem nor without data nor well', () => {
  const pilot = wall(1, 5, 2);
  expect(tile(pilot, 'eu-1')?.state).toBe('maintenance');
  expect(text(pilot)).toContain('3 MAINTENANCE');
  expect(text(pilot)).toMatch(/= us-2 MAINT\. 42m/);
  expect(text(pilot)).toContain('anna: kernel update');
  expect(text(pilot)).not.toContain('NO DATA');
  expect(text(pilot)).toContain('last 8/8 up');
  expect(text(pilot)).not.toContain('eu-1/web-1');
  expect(text(list(1, 5))).toMatch(/= eu-1 +maint\. 42m/);
  expect(text(list())).toContain('! 4 problems  ? 1 unreachable');
  expect(text(list(1, 5))).toMatch(/! 3 problems(?!.*unreachable)/);
});

test('it is over at its end, and what is not known is not shown as known, also while nothing is heard', () => {
  const unheard = wall(1).wait(2 * 60_000);
  expect(tile(unheard, 'eu-1')).toMatchObject({ state: 'maintenance', isOld: true });
  expect(text(unheard)).toMatch(/= eu-1 MAINT\. 40m/);
  expect(text(wall(1))).not.toContain('last 11/12 up');
  const over = wall(1).wait(43 * 60_000);
  expect(tile(over, 'eu-1')).toMatchObject({ state: 'nodata', maintenance: undefined });
  expect(text(over)).not.toContain('MAINT');
  expect(text(list(1).wait(43 * 60_000))).not.toContain('maint.');
});

test('a tile of several is judged by those that nobody works on', () => {
  const before = wall().press('b');
  expect(tile(before, 'us')?.state).toBe('nodata');
  expect(tile(wall(5).press('b'), 'us')?.state).not.toBe('nodata');
  expect(tile(wall(3, 12).press('b'), 'ap')?.state).toBe('ok');
});

test('= asks for how long and why; a refusal keeps what was typed', () => {
  const pilot = list().press('=').press('enter');
  expect(text(pilot)).toContain('Say why: others will see it on the wall.');
  pilot.type('new disk').press('tab', 'right', 'enter');
  const [first] = pilot.state.environments.order;
  const wish = { forMs: 2 * HOUR_MS, why: 'new disk' };
  const requestId = sending(pilot);
  expect(pilot.effects).toEqual([{ kind: 'maintain', requestId, ids: [first], wish }]);
  expect(pilot.press('enter').effects).toEqual([]);
  const answer = { kind: 'maintained', requestId, wish, all: 1, atMs: NOW } as const;
  pilot.send({ ...answer, done: 0, why: 'jump:9443 says no.' });
  expect(text(pilot)).toContain('jump:9443 says no.');
  const form = pilot.state.screens.at(-1);
  expect(form?.kind === 'form' && focusedField(form)?.name).toBe('hours');
  pilot.press('enter').send({ ...answer, requestId: sending(pilot), done: 1, why: undefined });
  expect(pilot.state.screens).toEqual([{ kind: 'environments' }]);
  expect(pilot.state.messages.all.at(-1)?.text).toMatch(
    /^In maintenance until \d.*: 1 environment/,
  );
});

test('where it is worked on, = ends it after a question', () => {
  const pilot = wall(1);
  const at = () => tile(pilot, 'eu-1')?.id;
  while (pilot.state.screens.at(-1)?.kind === 'wall' && selected(pilot) !== at()) pilot.press('l');
  pilot.press('=').wait(300);
  expect(text(pilot)).toContain('End the maintenance of eu-1?');
  expect(text(pilot)).toContain('by anna: kernel update');
  pilot.press('y');
  expect(pilot.effects).toMatchObject([{ kind: 'maintain', ids: [1], wish: undefined }]);
});

test('one that ends for several says how many ended before it failed', () => {
  const wish = undefined;
  const refused = { kind: 'maintained', requestId: -1, wish, all: 5, atMs: NOW } as const;
  const why = 'jump:9443 is gone.';
  expect(text(list().send({ ...refused, done: 3, why }))).toContain(
    'Maintenance ended: 3 of 5 environments. Then: jump:9443 is gone.',
  );
  expect(text(list().send({ ...refused, done: 0, why }))).toMatch(/^.jump:9443 is gone\./m);
});

function selected({ state }: Pilot): string | undefined {
  const screen = state.screens.at(-1);
  return screen?.kind === 'wall' ? screen.selected : undefined;
}

test('what was locked while the form was open is not begun', () => {
  const pilot = list().press('=').type('new disk');
  const { settings } = pilot.state;
  const fleet = pilot.state.fleet.environments;
  const locked = [...fleet.values()].map(({ name }) => name);
  pilot.state = { ...pilot.state, settings: { ...settings, locked } };
  expect(pilot.press('enter').effects).toEqual([]);
  expect(text(pilot)).toMatch(/is locked/);
});

test('a whole tag is begun at once, what is worked on already left alone; read-only, nothing', () => {
  const pilot = wall(1).press('b');
  while (selected(pilot) !== 'tag eu') pilot.press('l');
  pilot.press('=').type('power').press('enter');
  const ids = pilot.effects.flatMap((effect) => (effect.kind === 'maintain' ? effect.ids : []));
  expect(ids.length).toBeGreaterThan(2);
  expect(ids).not.toContain(1);
  const readOnly = list();
  readOnly.state = {
    ...readOnly.state,
    settings: { ...readOnly.state.settings, isReadOnly: true },
  };
  expect(readOnly.press('=').state.screens).toEqual([{ kind: 'environments' }]);
  const alone = list();
  alone.state = { ...alone.state, serverUrl: undefined };
  expect(text(alone.press('='))).toContain('only a fleet-server has that');
});
