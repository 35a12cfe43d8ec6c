/** Over a large fleet a letter is painted before the list is filtered; nothing acts on the list that was. */
import { expect, test } from 'vitest';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { bigSnapshot, Pilot } from '../../support/sample-fleet.ts';

const LARGE = bigSnapshot(6_000, 40);
const large = () => new Pilot().live(LARGE).press('/');

test('the letter stands in the prompt at once, the list follows with a tick that is wanted at once', () => {
  const pilot = large().type('service-59');
  expect(pilot.state.prompt?.text).toBe('service-59');
  expect(pilot.rows()).toHaveLength(6_000);
  expect(wantedTickMs(pilot.state)).toBeLessThanOrEqual(1);
  expect(pilot.wait(1).rows()).toHaveLength(111);
  expect(wantedTickMs(pilot.state)).toBeGreaterThan(100);
});

test('so does a letter that is taken back', () => {
  const pilot = large().type('5999').wait(1).press('backspace');
  expect(pilot.rows()).toHaveLength(1);
  expect(pilot.wait(1).rows()).toHaveLength(16);
});

test('enter waits for nothing: what is kept is what was typed', () => {
  const pilot = large().type('service-5999').press('enter');
  expect(pilot.rows()).toEqual(['host-40/service-5999']);
  expect(pilot.state.containers.filterText).toBe('service-5999');
});

test('what can not be read stays in the prompt, which says why: no key acts on what it does not mean', () => {
  const pilot = large().type('/service-59(').press('enter');
  expect(pilot.state.prompt?.text).toBe('/service-59(');
  pilot.press('backspace', 'enter');
  expect(pilot.state.prompt).toBeUndefined();
  expect(pilot.rows()).toHaveLength(111);
});

test('esc leaves the list as it was', () => {
  const pilot = large().type('service-5999').press('esc');
  expect(pilot.rows()).toHaveLength(6_000);
  expect(wantedTickMs(pilot.state)).toBeGreaterThan(100);
});
