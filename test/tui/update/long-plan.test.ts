/** A plan longer than its dialog: scrolled, with a mark that says what stands above and below. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { bigSnapshot, Pilot } from '../../support/sample-fleet.ts';

const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const plan = () => new Pilot().live(bigSnapshot(60, 3)).press('*', 'ctrl-r').wait(300);
const mark = (pilot: Pilot) => /… (.*?) {2}pgup\/pgdn/.exec(shown(pilot))?.[1];

test('pages go to its end and back, and every line is seen on the way', () => {
  const pilot = plan();
  expect(mark(pilot)).toMatch(/^\d+ lines below$/);
  const seen = new Set<string>();
  for (let page = 0; page < 40 && mark(pilot)?.includes('below'); page++) {
    for (const name of shown(pilot).match(/service-\d+/g) ?? []) seen.add(name);
    pilot.press('pgdn');
  }
  expect(mark(pilot)).toMatch(/^\d+ lines above$/);
  for (const name of shown(pilot).match(/service-\d+/g) ?? []) seen.add(name);
  expect(seen.size).toBe(60);
  for (let page = 0; page < 40; page++) pilot.press('pgup');
  expect(mark(pilot)).toMatch(/^\d+ lines below$/);
});

test('the words that were typed stay, and the answer is still what was asked', () => {
  const pilot = plan().type('all').press('pgdn', 'tab', 'pgdn', 'enter');
  expect(pilot.state.dialog).toBeUndefined();
  expect(pilot.state.jobs[0]?.steps.size).toBe(60);
});

test('where there is nothing to choose, up and down go by a line', () => {
  const pilot = new Pilot().live(bigSnapshot(60, 3)).press('*', ':').type('exec uptime');
  pilot.press('enter').wait(300).press('down', 'down', 'up');
  expect(mark(pilot)).toMatch(/^1 line above, \d+ lines below$/);
});

test.each([
  [80, 24],
  [120, 40],
])('the middle of it at %ix%i', async (width, height) => {
  const pilot = new Pilot(width, height).live(bigSnapshot(60, 3)).press('*', 'ctrl-r').wait(300);
  const picture = shown(pilot.press('pgdn', 'pgdn'));
  await expect(picture).toMatchFileSnapshot(`../screens/long-plan-${width}x${height}.txt`);
});
