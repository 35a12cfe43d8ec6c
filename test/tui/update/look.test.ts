/** Skins are seen while they are chosen and kept when they are; the mouse does no more than it is told; stillness holds still. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { focusedPane } from '../../../src/tui/screens/pane-places.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { Pilot } from '../../support/sample-fleet.ts';
import { wallSnapshot } from '../../support/sample-wall.ts';

const screenOf = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const skinOf = ({ state }: Pilot) => viewOf(state).look?.skin.name;

test('tab goes through the skins and shows each; esc brings back what was', () => {
  const pilot = new Pilot().live().press(':').type('skin ');
  const seen = Array.from({ length: 4 }, () => skinOf(pilot.press('tab')));
  expect(seen).toEqual(['calm', 'contrast', 'light', 'terminal']);
  expect(pilot.press('esc').effects).toEqual([]);
  expect(skinOf(pilot)).toBe('calm');
});

test('enter keeps it in config.json and tells the way back; own colours stay over it', () => {
  const pilot = new Pilot(140, 40).live().press(':').type('skin light').press('enter');
  expect(skinOf(pilot)).toBe('light');
  const [effect] = pilot.effects.filter(({ kind }) => kind === 'keep-setting');
  const told = 'The skin is light; :skin calm brings back what was.';
  expect(effect).toEqual({ kind: 'keep-setting', name: 'skin', value: 'light', told });
  pilot.send({ kind: 'setting-kept', told, outcome: { path: '/c/config.json' }, atMs: 0 });
  expect(screenOf(pilot)).toContain(`${told} Kept in /c/config.json.`);
  const own = new Pilot().live();
  const skin = { name: 'calm', colors: { accent: 1 } };
  own.state = { ...own.state, settings: { ...own.state.settings, skin } };
  own.press(':').type('skin light').press('enter');
  expect(own.effects).toMatchObject([{}, { name: 'skin.base', value: 'light' }]);
  expect(viewOf(own.state).look?.skin).toEqual({ name: 'light', colors: { accent: 1 } });
});

test('a skin that does not exist is named with those that do', () => {
  const pilot = new Pilot(120, 40).live().press(':').type('skin mauve').press('enter');
  expect(screenOf(pilot)).toContain('There is no skin mauve. It is calm now; there are calm, ');
});

const point = (pilot: Pilot, act: 'press' | 'wheel-up' | 'wheel-down', top: number, left = 5) =>
  pilot.send({ kind: 'pointer', act, top, left, atMs: pilot.nowMs });
const at = (pilot: Pilot, text: RegExp) =>
  screenOf(pilot)
    .split('\n')
    .findIndex((line) => text.test(line));

test('the mouse does nothing until f12, and the status line says that it is captured', () => {
  const pilot = new Pilot(100, 30).live();
  const before = pilot.state.containers;
  point(pilot, 'press', at(pilot, /eu-1 +web-7/));
  expect(pilot.state.containers).toBe(before);
  expect(viewOf(pilot.state).look?.hasMouse).toBe(false);
  pilot.press('f12');
  expect(viewOf(pilot.state).look?.hasMouse).toBe(true);
  expect(screenOf(pilot)).toMatch(/^ fleet .* MOUSE /);
  expect(viewOf(pilot.press('f12').state).look?.hasMouse).toBe(false);
});

test('a press selects, a second one opens, the wheel scrolls what it is over', () => {
  const pilot = new Pilot(100, 30).live().press('f12');
  point(pilot, 'press', at(pilot, /us-9 +web-1/));
  expect(pilot.state.containers.cursor.at).toBe(8);
  point(pilot, 'wheel-up', 8);
  expect(pilot.state.containers.cursor.at).toBe(5);
  const divider = at(pilot, /── /);
  point(pilot, 'wheel-down', divider + 1);
  expect(pilot.state.panes.top).toBeGreaterThan(0);
  expect(focusedPane(pilot.state)).toBe('list');
  point(pilot, 'press', divider + 1);
  expect(focusedPane(pilot.state)).toBe('facts');
  const row = at(pilot, /us-1 +cache/);
  point(point(pilot, 'press', row), 'press', row);
  expect(pilot.state.screens.at(-1)?.kind).toBe('describe');
});

test('two presses far apart in time open nothing, nor does one beside the rows', () => {
  const pilot = new Pilot(100, 30).live().press('f12');
  const row = at(pilot, /us-1 +cache/);
  point(point(pilot, 'press', row).wait(401), 'press', row);
  point(point(pilot, 'press', row - 1), 'press', row - 1);
  expect(pilot.state.screens).toHaveLength(1);
});

test('the mouse never answers a question nor chooses from a menu', () => {
  const pilot = new Pilot(100, 30).live().press('f12', 'ctrl-r').wait(400);
  const { dialog } = pilot.state;
  for (let top = 0; top < 30; top++)
    for (let left = 0; left < 100; left += 7) point(pilot, 'press', top, left);
  expect(pilot.state.dialog).toBe(dialog);
  expect(pilot.press('esc', 'x').state.menu).toBeDefined();
  point(point(pilot, 'press', 12, 40), 'press', 12, 40);
  expect(pilot.state.menu).toBeDefined();
});

test('a tile of the wall is selected and opened by the mouse', () => {
  const pilot = new Pilot(80, 24).live(wallSnapshot()).press('f12', 'W');
  const tiles = viewOf(pilot.state).blocks.find(({ id }) => id === 'wall-tiles');
  const { top = 0, left = 0 } = tiles?.area ?? {};
  point(pilot, 'press', top, left);
  const wall = pilot.state.screens.at(-1);
  expect(wall?.kind === 'wall' && wall.selected).toMatch(/^environment /);
  point(pilot, 'press', top, left);
  expect(pilot.state.screens.at(-1)?.kind).toBe('containers');
});

test('without motion ages are told each 5 s, in words that stay true until the next time', () => {
  const pilot = new Pilot(100, 30).live();
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, isStill: true } };
  expect(screenOf(pilot)).toContain('live, data under 10s old');
  expect(screenOf(pilot.wait(3_000))).toContain('live, data under 10s old');
  expect(screenOf(pilot.wait(5_000))).toContain('live, data under 15s old');
  expect(wantedTickMs(pilot.wait(60_000).state)).toBe(5_000);
});

test('without motion no tile of the wall stands out when it changes; its clock goes on', () => {
  const pilot = new Pilot(80, 24).live(wallSnapshot()).press('W').wait(10_000);
  const [ill] = [...(pilot.state.fleet.containers.get(2)?.values() ?? [])];
  if (!ill) throw new Error('no container');
  const styles = () =>
    viewOf(pilot.state)
      .blocks.flatMap(({ lines }) => lines)
      .flatMap(({ spans }) => spans)
      .filter(({ style }) => style === 'error').length;
  const quiet = styles();
  pilot.change({ kind: 'container', container: { ...ill, health: 'unhealthy' } });
  pilot.wait(1_000);
  expect(styles()).toBeGreaterThan(quiet);
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, isStill: true } };
  expect(styles()).toBe(quiet);
  expect(wantedTickMs(pilot.state)).toBeLessThanOrEqual(1_000);
});
