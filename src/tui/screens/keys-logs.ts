/** Keys that choose what of a log is shown and how: matches, errors, trees, sources, and how far back. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import type { LogSwitch } from '../model/log-event.ts';
import type { LogRange } from '../model/log-range.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { isPicking } from './keys-log-lines.ts';

const turn = (what: LogSwitch): Intent => ({ kind: 'switch', what });

function ofMerged(what: LogSwitch) {
  return (state: AppState): Intent | string => {
    const screen = topScreen(state);
    const isMerged = screen.kind === 'logs' && screen.merged !== undefined;
    return isMerged ? turn(what) : 'this is the log of one container';
  };
}

const MINUTE_MS = 60_000;

const range = (key: string, label: string, value: LogRange): Binding => ({
  action: `range-${value.kind === 'last' ? `${value.ms / MINUTE_MS}m` : value.kind}`,
  keys: [key],
  label,
  group: 'log',
  press: () => ({ kind: 'log-range', range: value }),
});

const last = (key: string, words: string, minutes: number): Binding =>
  range(key, `read the last ${words}`, { kind: 'last', ms: minutes * MINUTE_MS });

/** They hold in views of one log and of many. */
export const LOG_LOOK_KEYS: readonly Binding[] = [
  {
    action: 'matches-only',
    keys: ['x'],
    label: 'matches only, then with the lines around them, then all lines',
    hint: 'matches',
    group: 'log',
    press: (state) => {
      const screen = topScreen(state);
      const isSearched = screen.kind === 'logs' && screen.search !== undefined;
      return isSearched ? turn('lens') : 'nothing is searched for; / starts';
    },
  },
  {
    action: 'next-error',
    keys: ['e'],
    label: 'next line of error level',
    hint: 'error',
    group: 'log',
    press: () => ({ kind: 'error-line', by: 1 }),
  },
  {
    action: 'previous-error',
    keys: ['E'],
    label: 'previous line of error level',
    group: 'log',
    press: () => ({ kind: 'error-line', by: -1 }),
  },
  {
    action: 'pretty',
    keys: ['p'],
    label: 'JSON as a tree, and back',
    group: 'log',
    press: () => turn('pretty'),
  },
  {
    action: 'sources',
    keys: ['a'],
    label: 'the sources of many logs: state, lines, clock; space picks which are shown',
    hint: (state) => (isPicking(state) ? 'close' : 'sources'),
    group: 'log',
    press: ofMerged('sources'),
  },
  {
    action: 'labels',
    keys: ['i'],
    label: 'labels of many logs: long, short, a bar of colour',
    hint: 'labels',
    group: 'log',
    press: ofMerged('label'),
  },
  {
    action: 'order',
    keys: ['o'],
    label: 'many logs by time, or one after the other',
    group: 'log',
    press: ofMerged('order'),
  },
  {
    action: 'keep',
    keys: ['&'],
    label: 'show only the lines that match: words, !word, /expression/',
    hint: 'filter',
    group: 'log',
    press: () => ({ kind: 'prompt', prompt: 'keep' }),
  },
  {
    action: 'repeat-filter',
    keys: ['.'],
    label: 'the last filter again',
    group: 'log',
    press: ({ logFilter }) =>
      logFilter === '' ? 'no log was filtered yet; & does' : { kind: 'repeat-filter' },
  },
  {
    action: 'go-to-time',
    keys: ['T'],
    label: 'go to a time: 12:30, 2026-11-27 12:00, 15m',
    group: 'log',
    press: () => ({ kind: 'prompt', prompt: 'time' }),
  },
  range('0', 'read the last lines, whenever they came', { kind: 'tail' }),
  range('1', 'read the first lines', { kind: 'head' }),
  last('2', 'minute', 1),
  last('3', '5 minutes', 5),
  last('4', '15 minutes', 15),
  last('5', '30 minutes', 30),
  last('6', 'hour', 60),
  last('7', '6 hours', 6 * 60),
  last('8', '24 hours', 24 * 60),
  {
    action: 'range-custom',
    keys: ['9'],
    label: 'read a range: 15m, 2h, 12:30, 2026-11-27 12:00..13:00',
    group: 'log',
    press: () => ({ kind: 'prompt', prompt: 'range' }),
  },
];
