/** Which bindings hold on which screen, in the order in which they are looked up, hinted at and explained. */
import type { Binding, KeyGroup } from '../model/binding.ts';
import type { ScreenName } from '../model/screen.ts';
import { AUDIT_KEYS, AUDIT_ROW_KEYS } from './keys-audit.ts';
import { CHANGE_KEYS } from './keys-changes.ts';
import { DIFF_KEYS, INSPECT_KEY, INSPECT_KEYS } from './keys-documents.ts';
import {
  ADDED_KEYS,
  FROM_LINK_KEY,
  LINK_KEYS,
  THERE_KEY,
  TO_LINK_KEY,
} from './keys-environments.ts';
import { EVENT_KEYS, HISTORY_KEY, HISTORY_KEYS } from './keys-events.ts';
import { FILLED_FORM_KEYS, KEY_MADE_KEYS, RECOVERY_KEYS } from './keys-forms.ts';
import { GLOBAL_KEYS, MOVEMENT_KEYS, SIDEWAYS_KEYS } from './keys-global.ts';
import { GUEST_KEYS } from './keys-guests.ts';
import { CONTAINER_KEYS, ENVIRONMENT_KEYS, LIST_SWITCH_KEYS, PANE_KEYS } from './keys-lists.ts';
import { LOG_LINE_KEYS } from './keys-log-lines.ts';
import { MENU_KEYS, PORT_KEY } from './keys-menus.ts';
import { METRICS_KEYS, PROCESSES_KEYS, USE_KEYS } from './keys-metrics.ts';
import { OPERATION_KEYS } from './keys-operations.ts';
import { OWN_LOG_KEYS } from './keys-own-log.ts';
import { ACCESS_KEY, PEOPLE_KEYS } from './keys-people.ts';
import { PROBLEM_KEYS } from './keys-problems.ts';
import { LIST_VIEW_KEYS, SAVE_KEY, VIEW_KEYS } from './keys-scopes.ts';
import { DESCRIBE_KEYS, HELP_KEYS, LOG_KEYS } from './keys-views.ts';
import { WALL_KEYS } from './keys-wall.ts';

/** In the list of containers and where one is described: all that can be asked and done about one. */
const ABOUT_KEYS: readonly Binding[] = [
  HISTORY_KEY,
  INSPECT_KEY,
  PORT_KEY,
  ...MENU_KEYS,
  ...GUEST_KEYS,
  ...USE_KEYS,
  ...CHANGE_KEYS,
];

const EVERYWHERE = [...MOVEMENT_KEYS, ...GLOBAL_KEYS];

/** All bindings of each screen, with the keys that nobody has changed. */
export const BINDINGS: Readonly<Record<ScreenName, readonly Binding[]>> = {
  containers: [
    ...CONTAINER_KEYS,
    ...LIST_VIEW_KEYS,
    ...VIEW_KEYS,
    ...ABOUT_KEYS,
    ...PANE_KEYS,
    ...EVERYWHERE,
  ],
  environments: [
    ...ENVIRONMENT_KEYS,
    HISTORY_KEY,
    ACCESS_KEY,
    ...PANE_KEYS,
    ...VIEW_KEYS,
    ...MENU_KEYS,
    ...EVERYWHERE,
  ],
  logs: [...LOG_KEYS, ...CHANGE_KEYS, ...EVERYWHERE],
  describe: [...DESCRIBE_KEYS, SAVE_KEY, ...ABOUT_KEYS, ...EVERYWHERE],
  inspect: [...INSPECT_KEYS, ...GUEST_KEYS, ...CHANGE_KEYS, ...EVERYWHERE],
  diff: [...DIFF_KEYS, ...EVERYWHERE],
  'log-line': [...LOG_LINE_KEYS, ...SIDEWAYS_KEYS, ...EVERYWHERE],
  metrics: [...METRICS_KEYS, HISTORY_KEY, ...GUEST_KEYS, ...CHANGE_KEYS, ...GLOBAL_KEYS],
  processes: [...PROCESSES_KEYS, HISTORY_KEY, ...GUEST_KEYS, ...CHANGE_KEYS, ...EVERYWHERE],
  help: [...HELP_KEYS, ...EVERYWHERE],
  info: [SAVE_KEY, ...EVERYWHERE],
  messages: [SAVE_KEY, ...EVERYWHERE],
  link: [SAVE_KEY, FROM_LINK_KEY, ...LINK_KEYS, ...EVERYWHERE],
  environment: [TO_LINK_KEY, THERE_KEY, HISTORY_KEY, ...EVERYWHERE],
  'environment-added': ADDED_KEYS,
  exec: [SAVE_KEY, ...SIDEWAYS_KEYS, ...EVERYWHERE],
  operations: [...OPERATION_KEYS, HISTORY_KEY, ...LIST_SWITCH_KEYS, ...VIEW_KEYS, ...EVERYWHERE],
  events: [...EVENT_KEYS, ...LIST_SWITCH_KEYS, ...VIEW_KEYS, ...EVERYWHERE],
  'own-log': [...OWN_LOG_KEYS, SAVE_KEY, ...EVERYWHERE],
  history: [...HISTORY_KEYS, ...LIST_SWITCH_KEYS, SAVE_KEY, ...EVERYWHERE],
  problems: [
    HISTORY_KEY,

    ...PROBLEM_KEYS,
    ...LIST_SWITCH_KEYS,
    ...VIEW_KEYS,
    INSPECT_KEY,
    ...CHANGE_KEYS,
    ...EVERYWHERE,
  ],
  users: [...PEOPLE_KEYS.users, ...EVERYWHERE],
  teams: [...PEOPLE_KEYS.teams, ...EVERYWHERE],
  members: [...PEOPLE_KEYS.members, ...EVERYWHERE],
  access: [...PEOPLE_KEYS.access, ...EVERYWHERE],
  tokens: [...PEOPLE_KEYS.tokens, ...EVERYWHERE],
  form: FILLED_FORM_KEYS,
  'key-made': KEY_MADE_KEYS,
  'recovery-codes': RECOVERY_KEYS,
  audit: [...AUDIT_KEYS, ...EVERYWHERE],
  'audit-row': [...AUDIT_ROW_KEYS, ...EVERYWHERE],
  wall: [...WALL_KEYS, ...GLOBAL_KEYS],
};

/** Headings of the groups, in the order in which help shows them. */
export const GROUP_TITLES: Readonly<Record<KeyGroup, string>> = {
  look: 'Look',
  log: 'Log',
  form: 'Form',
  list: 'List',
  change: 'Change (always asks first)',
  move: 'Move',
  program: 'Program',
};

/** What each screen is called in help and in docs/keys.md. */
export const SCREEN_TITLES: Readonly<Record<ScreenName, string>> = {
  containers: 'Containers',
  environments: 'Environments',
  logs: 'Logs',
  'log-line': 'One line of a log',
  describe: 'Describe',
  inspect: 'Inspect',
  diff: 'Comparison',
  metrics: 'Metrics',
  processes: 'Processes',
  help: 'Help',
  messages: 'Messages',
  info: 'This console',
  link: 'Link',
  environment: 'Environment',
  'environment-added': 'What a new edge agent needs',
  exec: 'Results of a command',
  operations: 'Operations',
  problems: 'Problems',
  events: 'Events',
  history: 'History',
  'own-log': 'Own log',
  users: 'Users',
  teams: 'Teams',
  members: 'Members of a team',
  access: 'Access',
  tokens: 'API keys',
  form: 'Form',
  'key-made': 'A new API key',
  'recovery-codes': 'Recovery codes of a new second factor',
  audit: 'Audit trail',
  'audit-row': 'One row of the audit trail',
  wall: 'Wall',
};
