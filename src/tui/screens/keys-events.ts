/** Keys of the lists that tell what happened: the events of the fleet and the history of one object. */
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import type { EventSort } from '../model/event-list.ts';
import { objectOf } from '../model/object.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEvent } from '../model/subject.ts';
import { eventDetail } from './event-cells.ts';
import { searchKey } from './keys-global.ts';
import { logsKey, SCOPE_ALL_KEY, sortKey } from './keys-rows.ts';
import { containersNamed, environmentNamed } from './named.ts';

const always = (intent: Intent) => () => intent;

/** On everything that is about one container or one environment. */
export const HISTORY_KEY: Binding = {
  action: 'history',
  keys: ['b'],
  label: 'history: what happened to it, what was done to it from here, its problems',
  group: 'look',
  press: (state) => {
    const object = objectOf(state);
    if (!object) return 'nothing is selected that has a history';
    const { environmentId, containerId } = object;
    return { kind: 'open-history', environmentId, containerId };
  },
};

/** The container of a row if it is still there, else the environment by its view. */
function goTo(state: AppState): Intent | string {
  const object = objectOf(state);
  if (!object) return 'no row is selected that is about something';
  const { environmentId, containerId } = object;
  const environment = shownFleet(state).environments.get(environmentId);
  if (!environment) return 'its environment is gone';
  if (containerId === undefined) return { kind: 'open-environment', environmentId };
  const key = `${environmentId}/${containerId}` as const;
  const isThere = shownFleet(state).containers.get(environmentId)?.has(key);
  return isThere ? { kind: 'open-describe', key } : 'its container is gone; b tells its history';
}

const OPEN_KEY: Binding = {
  action: 'open',
  keys: ['enter', 'd'],
  label: 'go to the container or environment that it happened to',
  hint: 'open',
  group: 'look',
  press: goTo,
};

const followHint = (state: AppState): string | undefined => {
  const screen = topScreen(state);
  const isFollowing = 'isFollowing' in screen && screen.isFollowing;
  return isFollowing ? 'pause' : 'follow';
};

const READ_KEYS: readonly Binding[] = [
  {
    action: 'follow',
    keys: ['space'],
    label: 'follow the newest row, or stand still; going up stands still too, G follows',
    hint: followHint,
    group: 'list',
    press: always({ kind: 'switch', what: 'follow' }),
  },
  logsKey('logs of the container', 'the row is of no container'),
  {
    action: 'copy',
    keys: ['c'],
    label: 'copy the row in full (OSC 52)',
    group: 'look',
    press: (state) => {
      const event = selectedEvent(state);
      if (!event) return 'no row is selected';
      const { title, words } = eventDetail(state, event);
      return { kind: 'copy-text', text: `${title}: ${words}` };
    },
  },
  searchKey('filter', 'filter: words, host:eu-1, image:web, tag:production, !word, /expression/'),
  {
    action: 'freeze',
    keys: ['r'],
    label: 'freeze live updates, and go on',
    group: 'list',
    press: always({ kind: 'switch', what: 'freeze' }),
  },
];

const sort = (key: string, by: EventSort, label: string) =>
  sortKey(key, by, label, { kind: 'sort-rows', by });

export const EVENT_KEYS: readonly Binding[] = [
  OPEN_KEY,
  HISTORY_KEY,
  ...READ_KEYS,
  SCOPE_ALL_KEY,
  sort('A', 'age', 'time, the newest at the end'),
  sort('S', 'urgency', 'how bad it is'),
  sort('N', 'name', 'name'),
  sort('H', 'host', 'environment'),
];

export const HISTORY_KEYS: readonly Binding[] = [OPEN_KEY, ...READ_KEYS];

export const EVENT_COMMANDS: readonly Command[] = [
  {
    names: ['events'],
    label: 'events: what happens in the fleet, and what was done from here',
    run: always({ kind: 'open-events' }),
  },
  {
    names: ['history'],
    argument: 'NAME',
    completes: ['container'],
    label: 'the history of a container or an environment; of the selected one without a name',
    run: runHistory,
  },
];

function runHistory(state: AppState, name: string): Intent | string {
  if (name === '') {
    const pressed = HISTORY_KEY.press(state);
    return typeof pressed === 'string' ? `Can't tell a history: ${pressed}.` : pressed;
  }
  const found = containersNamed(state, name);
  if (found.kind === 'one') {
    const [environment, containerId] = found.key.split('/');
    return { kind: 'open-history', environmentId: Number(environment), containerId };
  }
  const environment = environmentNamed(state, name);
  if (!environment) return found.why;
  return { kind: 'open-history', environmentId: environment.id, containerId: undefined };
}
