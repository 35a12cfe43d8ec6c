/** Between the list and the pane beside it: who has the keys, what they scroll, and what `f` shows alone. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { focusedPane } from '../../../src/tui/screens/pane-places.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';

const screenOf = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const row = (pilot: Pilot, text: string) =>
  screenOf(pilot)
    .split('\n')
    .find((line) => line.includes(text));

const labels = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`label-${at}`, 'x']));
const ONE = snapshot(
  [environment(1, 'eu-1')],
  [container(1, 'web', { labels }), container(1, 'zoo')],
);

test('movement scrolls the pane that has the keys and leaves the cursor of the list alone', () => {
  const pilot = new Pilot().live(ONE).press('tab');
  expect(focusedPane(pilot.state)).toBe('facts');
  expect(row(pilot, 'eu-1/web')).toMatch(/^━━▸eu-1\/web ━+ 1-6 of 39 ━━$/);
  pilot.press('j', 'j');
  expect(row(pilot, 'eu-1/web')).toContain('3-8 of 39');
  pilot.press('G', 'j');
  expect(row(pilot, 'eu-1/web')).toContain('34-39 of 39');
  expect(pilot.state.containers.cursor.at).toBe(0);
  pilot.press('shift-tab', 'j');
  expect(pilot.state.containers.cursor.at).toBe(1);
  expect(row(pilot, 'eu-1/zoo')).toContain('1-6 of ');
  expect(row(pilot, 'containers  ')).toMatch(/^▸/);
});

test('keys that are not movement mean what they mean in the list', () => {
  const pilot = new Pilot().live(ONE).press('tab', 'space');
  expect(pilot.state.containers.marks.size).toBe(1);
  pilot.press('l');
  expect(pilot.state.screens.at(-1)?.kind).toBe('logs');
});

test('esc gives the keys back to the list before it goes back', () => {
  const pilot = new Pilot().live().press('1', 'enter', 'tab', 'space');
  pilot.press('esc');
  expect(focusedPane(pilot.state)).toBe('facts');
  pilot.press('esc');
  expect(focusedPane(pilot.state)).toBe('list');
  expect(pilot.state.screens).toHaveLength(2);
  pilot.press('esc');
  expect(pilot.state.screens).toHaveLength(1);
});

test('f shows the pane with the keys alone, tab the next one, f all of them again', () => {
  const pilot = new Pilot(120, 40).live(ONE);
  const before = screenOf(pilot);
  pilot.press('tab', 'f');
  expect(row(pilot, 'label-20=')).toBeDefined();
  expect(screenOf(pilot)).not.toContain('NAME↑');
  pilot.press('tab');
  expect(screenOf(pilot)).toMatch(/━━▸log of eu-1\/web ━/);
  pilot.press('tab');
  expect(screenOf(pilot)).toContain('NAME↑');
  expect(screenOf(pilot)).not.toContain('label-20=');
  pilot.press('f');
  expect(screenOf(pilot)).toBe(before);
});

test('where there is no room for a pane the list has the keys, and tab says why', () => {
  const pilot = new Pilot().live(ONE).press('tab');
  pilot.send({ kind: 'resize', size: { width: 59, height: 14 } });
  expect(focusedPane(pilot.state)).toBe('list');
  pilot.press('j', 'tab');
  expect(pilot.state.containers.cursor.at).toBe(1);
  expect(screenOf(pilot)).toContain("Can't switch pane: there is no other");
});

test('the panes stay where they are, whatever the data says', () => {
  const pilot = new Pilot(120, 40).live(ONE).press('tab');
  const areas = () => viewOf(pilot.state).blocks.map(({ id, area }) => [id, area]);
  const before = areas();
  pilot.change({ kind: 'container-gone', environmentId: 1, id: container(1, 'web').id });
  pilot.feed(snapshot([], []));
  expect(areas()).toEqual(before);
});
