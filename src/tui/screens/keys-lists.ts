/** Keys of the two lists. */
import type { Binding } from '../model/binding.ts';
import type { SortKey } from '../model/container-sort.ts';
import type { Intent } from '../model/event.ts';
import { isGroup } from '../model/list-groups.ts';
import { selectedEnvironment, subjectKey } from '../model/subject.ts';
import { LINKED_KEYS } from './keys-environments.ts';
import { searchKey } from './keys-global.ts';
import { PREVIOUS_RUN_KEY } from './keys-log-lines.ts';
import { maintenanceKey } from './keys-maintenance.ts';
import { SCOPE_ALL_KEY, sortKey } from './keys-rows.ts';
import { panesOf } from './pane-places.ts';

const always = (intent: Intent) => () => intent;

/** From any list to another one. */
export const LIST_SWITCH_KEYS: readonly Binding[] = [
  {
    action: 'environments',
    keys: ['1'],
    label: 'environments',
    group: 'list',
    press: always({ kind: 'open-list', list: 'environments' }),
  },
  {
    action: 'containers',
    keys: ['2'],
    label: 'containers',
    group: 'list',
    press: always({ kind: 'open-list', list: 'containers' }),
  },
  {
    action: 'events',
    keys: ['7'],
    label: 'events: what happens in the fleet, and what was done from here',
    group: 'list',
    press: always({ kind: 'open-events' }),
  },
  {
    action: 'problems',
    keys: ['8'],
    label: 'problems: what is wrong, since when, how often, and who sees to it',
    group: 'list',
    press: always({ kind: 'open-problems' }),
  },
  {
    action: 'operations',
    keys: ['9'],
    label: 'operations: everything that was done to containers, with results; retry what failed',
    group: 'list',
    press: always({ kind: 'open-operations' }),
  },
];

const SHARED: readonly Binding[] = [
  searchKey('filter', 'filter: words that must match, !word that must not, /expression/'),
  ...LIST_SWITCH_KEYS,
  {
    action: 'problems-only',
    keys: ['!'],
    label: 'problems only, and back',
    hint: 'problems',
    group: 'list',
    press: always({ kind: 'switch', what: 'problems' }),
  },
  {
    action: 'freeze',
    keys: ['r'],
    label: 'freeze live updates, and go on',
    group: 'list',
    press: always({ kind: 'switch', what: 'freeze' }),
  },
];

/** Between the list and what stands beside or below it. */
export const PANE_KEYS: readonly Binding[] = [
  {
    action: 'next-pane',
    keys: ['tab'],
    label: 'the keys to the next pane; movement scrolls it, f shows it alone',
    hint: 'switch pane',
    group: 'list',
    press: (state) => (panesOf(state).length > 1 ? { kind: 'switch-pane', by: 1 } : WHY_ONE_PANE),
  },
  {
    action: 'previous-pane',
    keys: ['shift-tab'],
    label: 'the keys to the pane before',
    group: 'list',
    press: (state) => (panesOf(state).length > 1 ? { kind: 'switch-pane', by: -1 } : WHY_ONE_PANE),
  },
];

const WHY_ONE_PANE =
  'there is no other pane: the terminal has no room for one, or wide columns take it';

const sort = (key: string, by: SortKey, label: string) =>
  sortKey(key, by, label, { kind: 'sort', by });

export const CONTAINER_KEYS: readonly Binding[] = [
  {
    action: 'logs',
    keys: ['l'],
    label: 'logs: of the marked containers in one view, else of the selected one',
    hint: 'logs',
    group: 'look',
    needs: 'logs',
    press: (state) => {
      const { marks } = state.containers;
      if (marks.size > 0) return { kind: 'open-merged-logs', keys: [...marks] };
      const key = subjectKey(state);
      return key === undefined ? 'no container is selected' : { kind: 'open-logs', key };
    },
  },
  {
    action: 'logs-of-all',
    keys: ['L'],
    label: 'logs of everything that the filter shows, in one view',
    group: 'look',
    needs: 'logs',
    press: ({ containers }) =>
      containers.order.length === 0
        ? 'the list is empty'
        : { kind: 'open-merged-logs', keys: containers.order },
  },
  PREVIOUS_RUN_KEY,
  {
    action: 'describe',
    keys: ['d', 'enter'],
    label: 'describe; on the row of a group, fold or unfold it',
    hint: 'describe',
    group: 'look',
    press: (state) => {
      if (isGroup(state.containers.cursor.selected)) return { kind: 'fold-group' };
      const key = subjectKey(state);
      return key === undefined ? 'no container is selected' : { kind: 'open-describe', key };
    },
  },
  {
    action: 'mark',
    keys: ['space'],
    label: 'mark or unmark, and go down',
    hint: 'mark',
    group: 'list',
    press: ({ containers }) =>
      containers.cursor.selected === undefined ? 'no row is selected' : { kind: 'mark' },
  },
  {
    action: 'mark-range',
    keys: ['v'],
    label: 'begin a range here; v or space again marks all between',
    group: 'list',
    press: ({ containers }) =>
      containers.cursor.selected === undefined ? 'no row is selected' : { kind: 'mark-range' },
  },
  {
    action: 'fold-group',
    keys: ['z'],
    label: 'fold or unfold the group of this row',
    group: 'list',
    press: ({ containers }) =>
      containers.sort.groupBy === 'none'
        ? 'the list is not in groups; Z groups it'
        : { kind: 'fold-group' },
  },
  {
    action: 'go-to-group',
    keys: ['h'],
    label: 'to the row of the group',
    group: 'list',
    press: ({ containers }) =>
      containers.sort.groupBy === 'none'
        ? 'the list is not in groups; Z groups it'
        : { kind: 'go-to-group' },
  },
  {
    action: 'group',
    keys: ['Z'],
    label: 'group by environment, then by stack, then not at all',
    group: 'list',
    press: always({ kind: 'group', by: undefined }),
  },
  {
    action: 'mark-all',
    keys: ['*'],
    label: 'mark all that the filter shows, or unmark them',
    group: 'list',
    press: (state) =>
      state.containers.order.length === 0 ? 'the list is empty' : { kind: 'mark-all' },
  },
  ...SHARED,
  SCOPE_ALL_KEY,
  sort('N', 'name', 'name'),
  sort('A', 'age', 'time in the present state, youngest first'),
  sort('S', 'state', 'state, problems first'),
  sort('C', 'cpu', 'CPU, the busiest first'),
  sort('M', 'memory', 'memory, who uses most first'),
  sort('H', 'host', 'environment'),
  sort('I', 'image', 'image'),
  sort('R', 'restarts', 'restarts seen while this server, agent or console watched'),
  {
    action: 'sort-left',
    keys: ['<', 'shift-left'],
    label: 'sort by the column to the left',
    group: 'list',
    press: always({ kind: 'sort-neighbour', step: -1 }),
  },
  {
    action: 'sort-right',
    keys: ['>', 'shift-right'],
    label: 'sort by the column to the right',
    group: 'list',
    press: always({ kind: 'sort-neighbour', step: 1 }),
  },
  {
    action: 'wide',
    keys: ['ctrl-w'],
    label: 'wide columns, and back',
    group: 'list',
    press: always({ kind: 'switch', what: 'wide' }),
  },
];

export const ENVIRONMENT_KEYS: readonly Binding[] = [
  {
    action: 'its-containers',
    keys: ['enter'],
    label: 'its containers',
    hint: 'containers',
    group: 'look',
    press: (state) => {
      const environment = selectedEnvironment(state);
      if (!environment) return 'no environment is selected';
      return { kind: 'scope', environmentId: environment.id };
    },
  },
  ...LINKED_KEYS,
  maintenanceKey((state) => {
    const environment = selectedEnvironment(state);
    return environment ? [environment] : [];
  }),
  {
    action: 'all-containers',
    keys: ['0'],
    label: 'the containers of all environments',
    hint: 'all containers',
    group: 'list',
    press: always({ kind: 'open-list', list: 'containers' }),
  },
  ...SHARED,
];
