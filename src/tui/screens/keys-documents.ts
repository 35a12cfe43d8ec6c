/** Keys of an inspect answer and of a comparison. */
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { containerAt } from '../model/live-fleet.ts';
import type { InspectDeed } from '../model/read-event.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';
import { SIDEWAYS_KEYS, searchKey } from './keys-global.ts';
import { containersNamed, type Named } from './named.ts';

const always = (intent: Intent) => () => intent;

/** In lists and views of a container. */
export const INSPECT_KEY: Binding = {
  action: 'inspect',
  keys: ['y', 'i'],
  label: 'inspect: everything the engine says, as YAML or JSON',
  group: 'look',
  press: (state) => {
    const key = subjectKey(state);
    return key === undefined ? 'no container is selected' : { kind: 'open-inspect', key };
  },
};

const deed = (
  what: InspectDeed,
  binding: Omit<Binding, 'group' | 'press' | 'action'>,
): Binding => ({
  ...binding,
  action: what,
  group: 'look',
  press: always({ kind: 'inspect', what }),
});

function match(by: 1 | -1) {
  return (state: AppState): Intent | string => {
    const screen = topScreen(state);
    const search = screen.kind === 'inspect' ? screen.search : undefined;
    if (!search) return 'nothing is searched for; / starts';
    return search.matches.length > 0 ? { kind: 'match', by } : `nothing has ${search.text}`;
  };
}

export const INSPECT_KEYS: readonly Binding[] = [
  searchKey('search', 'search names and values: words, !word, /expression/'),
  {
    action: 'next-match',
    keys: ['n'],
    label: 'next match',
    hint: 'next',
    group: 'look',
    press: match(1),
  },
  {
    action: 'previous-match',
    keys: ['N'],
    label: 'previous match',
    group: 'look',
    press: match(-1),
  },
  deed('fold', { keys: ['enter', 'z'], label: 'fold or unfold', hint: 'fold' }),
  deed('copy-value', { keys: ['c'], label: 'copy the value (OSC 52)', hint: 'copy' }),
  deed('copy-path', { keys: ['C'], label: 'copy the path, as jq writes it (OSC 52)' }),
  deed('form', { keys: ['y'], label: 'YAML or JSON', hint: 'yaml/json' }),
  deed('wrap', { keys: ['w'], label: 'wrap long values, and back' }),
  deed('auto', { keys: ['r'], label: 'ask again every 2 s, and stop' }),
  {
    action: 'reveal',
    keys: ['x'],
    label: 'show what is masked, and mask it again; a server notes who asked',
    hint: 'reveal',
    group: 'look',
    needs: 'secrets',
    press: (state) => {
      const screen = topScreen(state);
      const isThere = screen.kind === 'inspect' && screen.current !== undefined;
      return isThere ? { kind: 'inspect', what: 'reveal' } : 'the engine has not answered yet';
    },
  },
  {
    action: 'changes',
    keys: ['d'],
    label: 'what changed since the answer before',
    group: 'look',
    press: (state) => {
      const screen = topScreen(state);
      const has = screen.kind === 'inspect' && screen.previous !== undefined && screen.current;
      return has
        ? { kind: 'inspect', what: 'changes' }
        : 'nothing has changed while it was looked at';
    },
  },
  {
    action: 'logs',
    keys: ['l'],
    label: 'logs',
    group: 'look',
    needs: 'logs',
    press: (state) => {
      const key = subjectKey(state);
      return key === undefined ? 'no container is shown' : { kind: 'open-logs', key };
    },
  },
  ...SIDEWAYS_KEYS,
];

export const DIFF_KEYS: readonly Binding[] = [
  {
    action: 'noise',
    keys: ['x'],
    label: 'show what differs between any two containers (ids, times, addresses), and hide it',
    hint: 'all',
    group: 'look',
    press: always({ kind: 'diff-noise' }),
  },
];

/** What compares the two marked containers; as a clause, why it can't be. */
export function markedDiff(state: AppState): Intent | string {
  const fleet = shownFleet(state);
  const marked = [...state.containers.marks].filter((key) => containerAt(fleet, key));
  const [left, right] = marked;
  if (left === undefined || right === undefined || marked.length !== 2) {
    return `mark exactly two containers; ${marked.length} are marked`;
  }
  return { kind: 'open-diff', left, right };
}

/** One name compares with the selected container. */
function runDiff(state: AppState, argument: string): Intent | string {
  const [first, second] = argument.split(/\s+/u).filter((name) => name !== '');
  if (first === undefined) {
    const intent = markedDiff(state);
    if (typeof intent !== 'string') return intent;
    return `Can't compare: ${intent}, or say which: :diff web@eu-1 web@us-1.`;
  }
  const left = containersNamed(state, first);
  const right = second === undefined ? selectedOne(state) : containersNamed(state, second);
  if (left.kind === 'none') return left.why;
  if (right.kind === 'none') return right.why;
  if (left.key === right.key) return 'Both are the same container.';
  return { kind: 'open-diff', left: left.key, right: right.key };
}

function selectedOne(state: AppState): Named {
  const key = subjectKey(state);
  if (key !== undefined) return { kind: 'one', key };
  return { kind: 'none', why: ':diff needs two containers: :diff web@eu-1 web@us-1.' };
}

export const DOCUMENT_COMMANDS: readonly Command[] = [
  {
    names: ['inspect', 'yaml'],
    argument: 'NAME',
    completes: ['container'],
    label: 'everything the engine says of a container; of the selected one without a name',
    run: (state, argument) => {
      if (argument === '') {
        const key = subjectKey(state);
        return key === undefined
          ? ':inspect needs the name of a container.'
          : { kind: 'open-inspect', key };
      }
      const found = containersNamed(state, argument);
      return found.kind === 'one' ? { kind: 'open-inspect', key: found.key } : found.why;
    },
  },
  {
    names: ['diff'],
    argument: 'A B',
    completes: ['container', 'container'],
    label: 'compare two containers: web@eu-1 web@us-1; without names the two marked ones',
    run: runDiff,
  },
];
