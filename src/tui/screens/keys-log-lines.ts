/** Keys about lines of a log: selecting, copying, saving, marking, clearing, looking at one by itself. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';

const always = (intent: Intent) => () => intent;

const isSelecting = (state: AppState) => {
  const screen = topScreen(state);
  return screen.kind === 'logs' && screen.selection !== undefined;
};

/** Whether sources are being picked: then some keys are about the list of them. */
export const isPicking = (state: AppState) => {
  const screen = topScreen(state);
  return screen.kind === 'logs' && screen.merged?.picking !== undefined;
};

const SAVE: Binding = {
  action: 'save',
  keys: ['ctrl-s'],
  label: 'save the lines that are shown to a file in the working folder',
  group: 'log',
  press: always({ kind: 'save-log' }),
};

/** In a log of many sources. */
export const PICK_ALL_KEY: Binding = {
  action: 'pick-all',
  keys: ['*'],
  label: 'while sources are picked: all of them, or none',
  hint: 'all or none',
  group: 'log',
  press: (state) =>
    isPicking(state) ? { kind: 'pick-source', what: 'all' } : 'no sources are being picked; a does',
};

/** In a log. */
export const LINE_KEYS: readonly Binding[] = [
  {
    action: 'zoom',
    keys: ['enter'],
    label: 'one line by itself, with all its fields',
    hint: (state) => (isPicking(state) ? 'done' : 'zoom'),
    group: 'log',
    press: always({ kind: 'zoom-line' }),
  },
  {
    action: 'select',
    keys: ['v'],
    label: 'select lines by moving; again or esc ends it',
    hint: (state) => (isPicking(state) ? undefined : 'select'),
    group: 'log',
    press: always({ kind: 'select-lines' }),
  },
  {
    action: 'copy',
    keys: ['c', 'y'],
    label: 'copy the selected lines (OSC 52)',
    hint: 'copy',
    group: 'log',
    press: (state) =>
      isSelecting(state) ? { kind: 'copy-lines' } : 'no line is selected; v begins to select',
  },
  SAVE,
  {
    action: 'mark-place',
    keys: ['m'],
    label: 'draw a line under what has come so far',
    group: 'log',
    press: always({ kind: 'mark-log' }),
  },
  {
    action: 'clear',
    keys: ['C'],
    label: 'clear the view; scrolling up brings the lines back',
    group: 'log',
    press: always({ kind: 'clear-log' }),
  },
];

/** In the view of one line. */
export const LOG_LINE_KEYS: readonly Binding[] = [
  {
    action: 'next-line',
    keys: ['n'],
    label: 'next line; while something is searched for, the next match',
    hint: 'next',
    group: 'log',
    press: always({ kind: 'step-line', by: 1 }),
  },
  {
    action: 'previous-line',
    keys: ['N'],
    label: 'previous line or match',
    hint: 'previous',
    group: 'log',
    press: always({ kind: 'step-line', by: -1 }),
  },
  {
    action: 'copy',
    keys: ['c', 'y'],
    label: 'copy the line (OSC 52)',
    hint: 'copy',
    group: 'log',
    press: always({ kind: 'copy-lines' }),
  },
  {
    action: 'back-to-log',
    keys: ['enter'],
    label: 'back to the log',
    group: 'log',
    press: always({ kind: 'close' }),
  },
];

/** In the list of containers. */
export const PREVIOUS_RUN_KEY: Binding = {
  action: 'previous-run',
  keys: ['p'],
  label: 'what it logged before its last start',
  group: 'look',
  needs: 'logs',
  press: (state) => {
    const key = subjectKey(state);
    return key === undefined ? 'no container is selected' : { kind: 'open-previous-run', key };
  },
};
