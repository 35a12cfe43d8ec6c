/** Keys that mean the same everywhere but where text is typed. */
import type { Binding } from '../model/binding.ts';
import type { Intent, Movement } from '../model/event.ts';
import { undoableOf } from '../model/undo.ts';

const always = (intent: Intent) => () => intent;

/** The `/` of a screen: what it does there, and in a word. */
export function searchKey(prompt: 'filter' | 'search', label: string): Binding {
  return {
    action: prompt,
    keys: ['/'],
    label,
    hint: prompt,
    group: 'look',
    press: always({ kind: 'prompt', prompt }),
  };
}

export const GLOBAL_KEYS: readonly Binding[] = [
  {
    action: 'command',
    keys: [':'],
    label: 'type a command',
    hint: 'command',
    group: 'program',
    press: always({ kind: 'prompt', prompt: 'command' }),
  },
  {
    action: 'wall',
    keys: ['W'],
    label: 'the wall: how every environment is, for a screen that hangs there; again leaves it',
    group: 'program',
    press: always({ kind: 'open-wall' }),
  },
  {
    action: 'messages',
    keys: ['@'],
    label: 'messages: everything said so far, with results',
    group: 'program',
    press: always({ kind: 'open-messages' }),
  },
  {
    action: 'own-log',
    keys: ['~'],
    label: "the console's own log: what went on in this program",
    group: 'program',
    press: always({ kind: 'open-own-log' }),
  },
  {
    action: 'undo',
    keys: ['u'],
    label: 'undo: call back what is not sent yet, or reverse the last stop, start, pause or resume',
    hint: 'undo',
    group: 'program',
    mayChange: true,
    press: ({ jobs, nowMs }) =>
      undoableOf(jobs, nowMs) ? { kind: 'undo' } : 'there is nothing to undo now',
  },
  {
    action: 'help',
    keys: ['?', 'f1'],
    label: 'help on the keys of this view',
    hint: 'help',
    group: 'program',
    press: always({ kind: 'open-help' }),
  },
  {
    action: 'escape',
    keys: ['esc'],
    label: 'close, then clear marks, then the filter, then to the list, then go back',
    group: 'program',
    press: always({ kind: 'escape' }),
  },
  {
    action: 'back',
    keys: ['q'],
    label: 'go back one level; asks to quit at the last one',
    group: 'program',
    press: always({ kind: 'back' }),
  },
  {
    action: 'quit',
    keys: ['Q'],
    label: 'quit; asks only while operations run',
    group: 'program',
    press: always({ kind: 'quit', isSure: false }),
  },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    label: 'cancel what runs or is being typed; twice within a second quits',
    group: 'program',
    press: always({ kind: 'interrupt' }),
  },
  {
    action: 'full',
    keys: ['f'],
    label: 'the pane with the keys alone on the screen, and back',
    group: 'program',
    press: always({ kind: 'switch', what: 'full' }),
  },
  {
    action: 'header',
    keys: ['ctrl-e'],
    label: 'hide the lines above the title, and show them again',
    group: 'program',
    press: always({ kind: 'switch', what: 'head' }),
  },
  {
    action: 'mouse',
    keys: ['f12'],
    label: 'the mouse scrolls, selects and opens here; again leaves it to the terminal',
    group: 'program',
    press: always({ kind: 'switch', what: 'mouse' }),
  },
  {
    action: 'suspend',
    keys: ['ctrl-z'],
    label: 'suspend to the shell; fg comes back',
    group: 'program',
    press: always({ kind: 'suspend' }),
  },
  {
    action: 'redraw',
    keys: ['ctrl-l', 'f5'],
    label: 'draw the screen anew, and ask again for what it shows of a host',
    group: 'program',
    press: always({ kind: 'redraw' }),
  },
];

const move = (to: Movement, label: string, ...keys: string[]): Binding => ({
  action: to,
  keys,
  label,
  group: 'move',
  press: always({ kind: 'move', to }),
});

/** Movement within a list, a log or a long text. */
export const MOVEMENT_KEYS: readonly Binding[] = [
  move('down', 'down', 'j', 'down'),
  move('up', 'up', 'k', 'up'),
  move('half-down', 'half a page down', 'ctrl-d'),
  move('half-up', 'half a page up', 'ctrl-u'),
  move('page-down', 'a page down', 'pgdn'),
  move('page-up', 'a page up', 'pgup'),
  move('first', 'to the beginning', 'g', 'home'),
  move('last', 'to the end', 'G', 'end'),
];

/** Movement along long lines that can't be folded. */
export const SIDEWAYS_KEYS: readonly Binding[] = [
  move('right', 'to the right in long lines', 'right'),
  move('left', 'to the left in long lines', 'left'),
];
