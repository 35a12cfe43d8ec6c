/** Keys of one's own: they work, are shown, and one that can't be used spoils nothing but itself. */
import { describe, expect, test } from 'vitest';
import { KEY_PRESETS } from '../../../src/tui/model/key-presets.ts';
import type { KeyChoice } from '../../../src/tui/model/settings.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { bindingsOf, keyProblems } from '../../../src/tui/screens/keymap.ts';
import { BINDINGS } from '../../../src/tui/screens/keys.ts';
import { frameText } from '../../support/frame-text.ts';
import { Pilot } from '../../support/sample-fleet.ts';

function withKeys(keys: KeyChoice): Pilot {
  const pilot = new Pilot(120, 40).live();
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, keys } };
  return pilot;
}

test('an own key works, its former one no longer, and footer and help show it', () => {
  const pilot = withKeys({ 'containers.restart': ['f6'] });
  expect(frameText(viewOf(pilot.state), pilot.state.size)).toContain('f6 restart');
  expect(pilot.press('ctrl-r').state.dialog).toBeUndefined();
  expect(pilot.press('f6').state.dialog?.title).toMatch(/^Restart /);
  pilot.wait(300).press('esc', '?', '/').type('restart').press('enter');
  expect(frameText(viewOf(pilot.state), pilot.state.size)).toMatch(/f6 +restart/);
});

test('an action without its screen is meant wherever it is', () => {
  const pilot = withKeys({ restart: ['f6'], 'describe.restart': ['f7'] });
  const keysOn = (screen: 'containers' | 'logs' | 'describe') =>
    bindingsOf(pilot.state, screen).find(({ action }) => action === 'restart')?.keys;
  expect([keysOn('containers'), keysOn('logs'), keysOn('describe')]).toEqual([
    ['f6'],
    ['f6'],
    ['f7'],
  ]);
});

test.each([
  [{ 'containers.logs': ['d'] }, 'd is describe on the screen containers already'],
  [{ 'containers.logs': ['ctrl-i'] }, 'ctrl-i is the same byte as tab'],
  [{ 'containers.logs': ['alt-x'] }, 'alt can’t be told from esc on a slow line'],
  [{ 'containers.logs': ['ctrl+x'] }, '"ctrl+x" is no key'],
  [{ 'containers.restrat': ['f6'] }, 'containers.restart is the nearest'],
  [{ escape: ['f6'] }, 'can’t be changed'],
])('%j is refused: %s', (keys: KeyChoice, why) => {
  const problems = keyProblems(keys);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.why).toContain(why);
  const pilot = withKeys(keys).press('l');
  expect(pilot.state.screens.at(-1)?.kind).toBe('logs');
});

test('the good key of two holds when the other is refused', () => {
  const keys = { 'containers.logs': ['d', 'f8'] };
  expect(keyProblems(keys)).toHaveLength(1);
  expect(withKeys(keys).press('f8').state.screens.at(-1)?.kind).toBe('logs');
});

test('two actions may swap their keys', () => {
  const keys = { 'containers.logs': ['d'], 'containers.describe': ['l'] };
  expect(keyProblems(keys)).toEqual([]);
  expect(withKeys(keys).press('d').state.screens.at(-1)?.kind).toBe('logs');
});

describe.each(Object.entries(KEY_PRESETS))('the preset %s', (_name, keys) => {
  test('has no clash', () => expect(keyProblems(keys)).toEqual([]));

  test('changes nothing without its question', () => {
    const { state } = withKeys(keys);
    const changing = bindingsOf(state, 'containers').filter(({ group }) => group === 'change');
    for (const key of changing.flatMap((binding) => binding.keys)) {
      const pilot = withKeys(keys).press(key);
      expect(pilot.effects.filter(({ kind }) => kind === 'run-operations')).toEqual([]);
    }
    expect(changing.length).toBe(
      BINDINGS.containers.filter(({ group }) => group === 'change').length,
    );
  });
});
