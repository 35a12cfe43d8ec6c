/** Keys of the console's own log. */
import type { Binding, Command } from '../model/binding.ts';
import { shownOwnLines } from '../model/own-log-view.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { searchKey } from './keys-global.ts';

function selectedLine(state: AppState) {
  const screen = topScreen(state);
  if (screen.kind !== 'own-log') return undefined;
  return shownOwnLines(state.ownLog, screen).find(({ id }) => id === screen.cursor.selected);
}

const toWorse = (by: 1 | -1, key: string, words: string): Binding => ({
  action: by === 1 ? 'next-error' : 'previous-error',
  keys: [key],
  label: `${words} warning or error`,
  ...(by === 1 && { hint: 'next error' }),
  group: 'move',
  press: () => ({ kind: 'next-worse', by }),
});

export const OWN_LOG_KEYS: readonly Binding[] = [
  {
    action: 'follow',
    keys: ['space'],
    label: 'follow the newest line, or stand still; going up stands still too, G follows',
    hint: 'follow/pause',
    group: 'list',
    press: () => ({ kind: 'switch', what: 'follow' }),
  },
  searchKey('filter', 'filter: words, error, warn, !word, /expression/'),
  {
    action: 'problems-only',
    keys: ['!'],
    label: 'warnings and errors only, and back',
    hint: 'problems',
    group: 'list',
    press: () => ({ kind: 'switch', what: 'problems' }),
  },
  toWorse(1, 'e', 'next'),
  toWorse(-1, 'E', 'previous'),
  {
    action: 'copy',
    keys: ['c'],
    label: 'copy the line (OSC 52)',
    group: 'look',
    press: (state) => {
      const line = selectedLine(state);
      return line ? { kind: 'copy-text', text: line.text } : 'no line is selected';
    },
  },
];

export const OWN_LOG_COMMANDS: readonly Command[] = [
  {
    names: ['log'],
    label: "the console's own log, as ~ does",
    run: () => ({ kind: 'open-own-log' }),
  },
];
