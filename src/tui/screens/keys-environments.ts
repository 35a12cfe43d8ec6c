/** Keys of what belongs to environments: the view of a link, the form for a new one, and what its agent needs to start. */
import type { Environment } from '../../protocol/environment.ts';
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { lastWaiting } from '../model/link-view.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { selectedEnvironment } from '../model/subject.ts';
import { GLOBAL_KEYS, MOVEMENT_KEYS } from './keys-global.ts';

const always = (intent: Intent) => () => intent;

/** Of keys that ask a server for something of its own. */
export const WITHOUT_SERVER = 'only a fleet-server has that, and none is behind this console';

/** What opens the view of a link; as a clause, why it can't be. */
export function linkIntent(
  state: AppState,
  environment: Environment | undefined = selectedEnvironment(state),
): Intent | string {
  if (state.serverUrl === undefined) return WITHOUT_SERVER;
  if (!environment) return 'no environment is selected';
  return { kind: 'open-link', environmentId: environment.id };
}

/** What opens the form for a new environment; as a clause, why it can't be. */
export function addIntent(state: AppState): Intent | string {
  return state.serverUrl === undefined ? WITHOUT_SERVER : { kind: 'open-add' };
}

/** In the list of environments. */
export const LINKED_KEYS: readonly Binding[] = [
  {
    action: 'describe',
    keys: ['d'],
    label: 'describe: engine, counts, disk, and its link behind L',
    hint: 'describe',
    group: 'look',
    press: (state) => {
      const environment = selectedEnvironment(state);
      if (!environment) return 'no environment is selected';
      return { kind: 'open-environment', environmentId: environment.id };
    },
  },
  {
    action: 'new',
    keys: ['n'],
    label: 'add a new environment',
    hint: 'new',
    group: 'list',
    needs: 'administrator',
    mayChange: true,
    press: addIntent,
  },
];

/** In the view of a link. */
export const LINK_KEYS: readonly Binding[] = [
  {
    action: 'accept',
    keys: ['ctrl-y'],
    label: 'accept the agent that waits for a word: it will hold the environment',
    hint: 'accept',
    group: 'change',
    needs: 'administrator',
    press(state) {
      const screen = topScreen(state);
      const isWaiting = screen.kind === 'link' && lastWaiting(screen) !== undefined;
      return isWaiting ? { kind: 'ask-accept' } : 'no agent waits for a word here';
    },
  },
];

const tab = (hint: string, label: string): Binding => ({
  action: 'tab',
  keys: ['L', 'H'],
  label,
  hint,
  group: 'look',
  press: (state) => (state.serverUrl === undefined ? WITHOUT_SERVER : { kind: 'tab' }),
});

/** From what an environment is to how its link fares, and back. */
export const TO_LINK_KEY = tab(
  'link',
  'its link: trust, keys, round trip, last ends, agents turned away',
);
export const FROM_LINK_KEY = tab('environment', 'the environment itself: engine, counts, disk');

/** Down from the view of an environment. */
export const THERE_KEY: Binding = {
  action: 'its-containers',
  keys: ['enter'],
  label: 'its containers',
  hint: 'containers',
  group: 'look',
  press: (state) => {
    const screen = topScreen(state);
    if (screen.kind !== 'environment') return 'no environment is shown';
    return { kind: 'scope', environmentId: screen.environmentId };
  },
};

/** Letters are text in a form: of the keys that hold everywhere, those without a letter are left. */
export const NOT_TEXT_KEYS: readonly Binding[] = GLOBAL_KEYS.flatMap(
  (binding): readonly Binding[] => {
    const keys = binding.keys.filter((key) => /^(ctrl-|esc$|f\d)/.test(key));
    return keys.length > 0 ? [{ ...binding, keys }] : [];
  },
);

/** From field to field of a form. */
export const FIELD_KEYS: readonly Binding[] = [
  {
    action: 'next-field',
    keys: ['tab', 'down'],
    label: 'next field',
    hint: 'next field',
    group: 'form',
    press: always({ kind: 'next-field', by: 1 }),
  },
  {
    action: 'previous-field',
    keys: ['shift-tab', 'up'],
    label: 'previous field',
    group: 'form',
    press: always({ kind: 'next-field', by: -1 }),
  },
];

/** Without the command line and the lists: what is shown here is shown once, and is left by one way only. */
export const ADDED_KEYS: readonly Binding[] = [
  {
    action: 'copy',
    keys: ['c'],
    label: 'copy the command that is shown (OSC 52)',
    hint: 'copy',
    group: 'look',
    press: always({ kind: 'copy' }),
  },
  {
    action: 'next-way',
    keys: ['tab', 'right'],
    label: 'another way to start the agent',
    hint: 'another way',
    group: 'look',
    press: always({ kind: 'next-way', by: 1 }),
  },
  {
    action: 'previous-way',
    keys: ['shift-tab', 'left'],
    label: 'the way before',
    group: 'look',
    press: always({ kind: 'next-way', by: -1 }),
  },
  ...MOVEMENT_KEYS,
  ...GLOBAL_KEYS.filter(({ keys }) => !keys.includes(':')),
];
