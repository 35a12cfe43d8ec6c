/** Keys of the views that are opened on top of a list: logs, describe, help, messages. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';
import { searchKey } from './keys-global.ts';
import { isPicking, LINE_KEYS, PICK_ALL_KEY } from './keys-log-lines.ts';
import { LOG_LOOK_KEYS } from './keys-logs.ts';
import { logsKey } from './keys-rows.ts';

const always = (intent: Intent) => () => intent;

/** Beside the keys of the list of sources there is no room for this one. */
const unlessPicking = (words: string) => (state: AppState) =>
  isPicking(state) ? undefined : words;

function match(by: 1 | -1) {
  return (state: AppState): Intent | string => {
    const screen = topScreen(state);
    const search = screen.kind === 'logs' ? screen.search : undefined;
    if (!search) return 'nothing is searched for; / starts';
    return search.matches.length > 0 ? { kind: 'match', by } : `no line has ${search.text}`;
  };
}

function sideways(to: 'left' | 'right') {
  return (state: AppState): Intent | string => {
    const screen = topScreen(state);
    const isWrapped = screen.kind === 'logs' && screen.isWrapped;
    return isWrapped ? 'long lines are folded; w unfolds them' : { kind: 'move', to };
  };
}

export const LOG_KEYS: readonly Binding[] = [
  {
    action: 'follow',
    keys: ['space'],
    label: 'pause and follow again; nothing is lost meanwhile',
    hint: (state) => {
      if (isPicking(state)) return 'show or hide';
      const screen = topScreen(state);
      return screen.kind === 'logs' && screen.isFollowing ? 'pause' : 'follow';
    },
    group: 'log',
    press: (state) =>
      isPicking(state) ? { kind: 'pick-source', what: 'this' } : { kind: 'switch', what: 'follow' },
  },
  PICK_ALL_KEY,
  {
    action: 'wrap',
    keys: ['w'],
    label: 'fold long lines, and back',
    hint: unlessPicking('wrap'),
    group: 'log',
    press: always({ kind: 'switch', what: 'wrap' }),
  },
  {
    action: 'times',
    keys: ['t'],
    label: 'times: none, short, full with the stream',
    hint: unlessPicking('times'),
    group: 'log',
    press: always({ kind: 'switch', what: 'times' }),
  },
  searchKey('search', 'search: words, !word, /expression/'),
  {
    action: 'next-match',
    keys: ['n'],
    label: 'next match',
    hint: 'next',
    group: 'log',
    press: match(1),
  },
  {
    action: 'previous-match',
    keys: ['N'],
    label: 'previous match',
    group: 'log',
    press: match(-1),
  },
  {
    action: 'right',
    keys: ['right'],
    label: 'to the right in long lines',
    group: 'move',
    press: sideways('right'),
  },
  {
    action: 'left',
    keys: ['left'],
    label: 'to the left in long lines',
    group: 'move',
    press: sideways('left'),
  },
  {
    action: 'describe',
    keys: ['d'],
    label: 'describe the container; of many, that of the line n or e went to',
    hint: 'describe',
    group: 'look',
    press: (state) => {
      const key = subjectKey(state);
      return key === undefined ? 'go to a line first, with n or e' : { kind: 'open-describe', key };
    },
  },
  ...LOG_LOOK_KEYS,
  ...LINE_KEYS,
];

export const DESCRIBE_KEYS: readonly Binding[] = [logsKey('logs', 'no container is shown')];

export const HELP_KEYS: readonly Binding[] = [
  searchKey('search', 'search this help'),
  {
    action: 'run-line',
    keys: ['enter'],
    label: 'do what the line says',
    hint: 'do it',
    group: 'program',
    press: always({ kind: 'run-help-line' }),
  },
];
