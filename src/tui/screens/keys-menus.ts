/** Keys that open a menu, or a published port. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { portUrls } from '../model/port-url.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEnvironment, subject, targets } from '../model/subject.ts';

function isAnything(state: AppState): boolean {
  if (topScreen(state).kind === 'environments') return selectedEnvironment(state) !== undefined;
  return !targets(state).next().done;
}

function openMenu(menu: 'actions' | 'copy') {
  return (state: AppState): Intent | string =>
    isAnything(state) ? { kind: 'open-menu', menu } : 'nothing is selected';
}

export const MENU_KEYS: readonly Binding[] = [
  {
    action: 'actions',
    keys: ['x'],
    label: 'a menu of all that can be done here, what is off with its reason',
    hint: 'actions',
    group: 'look',
    press: openMenu('actions'),
  },
  {
    action: 'copy-menu',
    keys: ['c'],
    label: 'copy: name, id, image, host, URL, docker command line, JSON (OSC 52)',
    group: 'look',
    press: openMenu('copy'),
  },
];

export const PORT_KEY: Binding = {
  action: 'open-port',
  keys: ['o'],
  label: 'open a published port; tells its URL where there is no browser',
  group: 'look',
  press: (state) => {
    const container = subject(state);
    if (!container) return 'no container is selected';
    const environment = shownFleet(state).environments.get(container.environmentId);
    const [first, second] = portUrls(environment, container.ports);
    if (!first) return 'no port of it is published';
    if (second) return { kind: 'open-menu', menu: 'ports' };
    return { kind: 'open-url', url: first.url };
  },
};
