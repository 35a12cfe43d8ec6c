/** Keys and commands of what the lists show: scope, saved views, the way back, and a file of it. */
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';

const always = (intent: Intent) => () => intent;

/** What a view without a ctrl-s of its own saves. */
export const SAVE_KEY: Binding = {
  action: 'save',
  keys: ['ctrl-s'],
  label: 'save all that this view shows to a file in the working folder',
  group: 'list',
  press: always({ kind: 'save-pane' }),
};

export const VIEW_KEYS: readonly Binding[] = [
  {
    action: 'scope',
    keys: ['ctrl-g'],
    label: 'choose the scope: all, an environment by its name or host, a tag',
    group: 'list',
    press: always({ kind: 'open-menu', menu: 'scopes' }),
  },
  {
    action: 'view-back',
    keys: ['['],
    label: 'back to the view before',
    group: 'list',
    press: always({ kind: 'travel', to: 'back' }),
  },
  {
    action: 'view-forward',
    keys: [']'],
    label: 'forward again',
    group: 'list',
    press: always({ kind: 'travel', to: 'forward' }),
  },
  {
    action: 'view-last',
    keys: ['-'],
    label: 'to the last view, and back',
    group: 'list',
    press: always({ kind: 'travel', to: 'last' }),
  },
  {
    action: 'views',
    keys: ["'"],
    label: 'open a saved view',
    group: 'list',
    press: always({ kind: 'open-views' }),
  },
  SAVE_KEY,
];

export const LIST_VIEW_KEYS: readonly Binding[] = [
  {
    action: 'save-view',
    keys: ['&'],
    label: 'save filter, columns, order and scope of this list as a view',
    group: 'list',
    press: always({ kind: 'prompt', prompt: 'view' }),
  },
  {
    action: 'choose-sort',
    keys: ['O'],
    label: 'choose the column to sort by',
    group: 'list',
    press: always({ kind: 'open-menu', menu: 'sorts' }),
  },
];

export const SCOPE_COMMANDS: readonly Command[] = [
  {
    names: ['tag'],
    argument: 'NAME',
    label: 'the containers of all environments with a tag',
    run: runTag,
  },
  {
    names: ['group'],
    argument: 'host|stack|none',
    label: 'the list of containers in groups',
    run: (_state, by) => {
      if (by === 'host' || by === 'stack' || by === 'none') return { kind: 'group', by };
      return ':group needs host, stack or none behind it.';
    },
  },
  { names: ['views'], label: 'open a saved view', run: always({ kind: 'open-views' }) },
  {
    names: ['forget-view'],
    argument: 'NAME',
    label: 'forget a saved view',
    run: (_state, name) =>
      name === '' ? ':forget-view needs the name of a view.' : { kind: 'forget-view', name },
  },
  {
    names: ['save'],
    label: 'save what this view shows to a file',
    run: (state) => ({ kind: topScreen(state).kind === 'logs' ? 'save-log' : 'save-pane' }),
  },
];

function runTag(state: AppState, name: string): Intent | string {
  const tags = new Set(
    [...shownFleet(state).environments.values()].flatMap(({ tags: own }) => own),
  );
  if (tags.has(name)) return { kind: 'scope', environmentId: undefined, tag: name };
  const known =
    tags.size > 0
      ? `There are ${[...tags].sort().slice(0, 20).join(', ')}.`
      : 'No environment has any.';
  return `No environment has the tag ${name}. ${known}`;
}
