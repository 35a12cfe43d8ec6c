/** The three rules of the keymap, and that what is typed by habit can't do harm. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/tui/model/event.ts';
import type { ScreenName } from '../../../src/tui/model/screen.ts';
import { BINDINGS } from '../../../src/tui/screens/keys.ts';
import { Pilot } from '../../support/sample-fleet.ts';

const SCREENS = Object.keys(BINDINGS) as ScreenName[];
/** Same bytes as other keys, or taken by tmux, screen, flow control, input methods and the shell. */
const BANNED = [
  'ctrl-i',
  'ctrl-m',
  'ctrl-j',
  'ctrl-h',
  'ctrl-[',
  'ctrl-a',
  'ctrl-b',
  'ctrl-q',
  'ctrl-space',
  'ctrl-\\',
];

describe.each(SCREENS)('on the screen %s', (screen) => {
  const keys = BINDINGS[screen].flatMap((binding) => binding.keys);

  test('no key has two meanings', () => {
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('no action is named twice', () => {
    const actions = BINDINGS[screen].map(({ action }) => action);
    expect(actions.filter((action, index) => actions.indexOf(action) !== index)).toEqual([]);
  });

  test('no key is one that terminals mistake or take', () => {
    expect(keys.filter((key) => BANNED.includes(key) || key.startsWith('alt-'))).toEqual([]);
  });

  test('only ctrl-chords and delete change a host', () => {
    const changing = BINDINGS[screen].filter(({ group }) => group === 'change');
    for (const key of changing.flatMap((binding) => binding.keys))
      expect(key).toMatch(/^(ctrl-|delete$)/);
  });
});

test('a global key means the same everywhere', () => {
  const meanings = new Map<string, Set<string>>();
  for (const binding of SCREENS.flatMap((screen) => BINDINGS[screen])) {
    if (binding.group !== 'program' || binding.keys.includes('enter')) continue;
    for (const key of binding.keys) {
      meanings.set(key, (meanings.get(key) ?? new Set()).add(binding.label));
    }
  }
  for (const [key, labels] of meanings) expect([key, labels.size]).toEqual([key, 1]);
});

const WORLD = new Set<Effect['kind']>(['run-operations']);

test.each(SCREENS)('no single key sends anything to a host from %s', (screen) => {
  const OPEN: Record<ScreenName, readonly string[]> = {
    containers: [],
    environments: ['1'],
    logs: ['l'],
    'log-line': ['l'],
    describe: ['d'],
    inspect: ['y'],
    metrics: ['m'],
    processes: ['t'],
    diff: ['*', ':', ...'diff web-3 web-7', 'enter'],
    help: ['?'],
    messages: ['@'],
    link: ['1', 'd', 'L'],
    environment: ['1', 'd'],
    'environment-added': ['1', 'n'],
    exec: [],
    operations: ['9'],
    problems: ['8'],
    events: ['7'],
    history: ['b'],
    'own-log': ['~'],
    info: [':', ...'info', 'enter'],
    wall: ['W', 'j'],
    users: [':', ...'users', 'enter'],
    teams: [':', ...'teams', 'enter'],
    members: [':', ...'teams', 'enter'],
    access: ['1', 'A'],
    tokens: [':', ...'tokens', 'enter'],
    form: [':', ...'users', 'enter', 'n'],
    'recovery-codes': [],
    'key-made': [':', ...'tokens', 'enter'],
    audit: [':', ...'audit', 'enter'],
    'audit-row': [':', ...'audit', 'enter'],
  };
  for (const key of BINDINGS[screen].flatMap((binding) => binding.keys)) {
    const pilot = new Pilot().live().press(...OPEN[screen], key);
    expect(pilot.effects.filter(({ kind }) => WORLD.has(kind))).toEqual([]);
  }
});

test('anything typed by mistake within 300 ms of a question sends nothing', () => {
  const pilot = new Pilot().live().press('ctrl-x');
  for (const key of ['y', 'enter', 'tab', 'enter', 'space', 'Y', 'y']) {
    expect(pilot.press(key).effects).toEqual([]);
  }
  expect(pilot.state.dialog).toBeDefined();
});
