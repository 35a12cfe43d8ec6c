/** The bindings as a person has set their keys. A key that can't be used is a problem of that key alone; the rest works. */
import type { Binding } from '../model/binding.ts';
import { nearestWord } from '../model/nearest.ts';
import type { ScreenName } from '../model/screen.ts';
import type { KeyChoice } from '../model/settings.ts';
import type { AppState } from '../model/state.ts';
import { BINDINGS } from './keys.ts';

export type Keymap = Readonly<Record<ScreenName, readonly Binding[]>>;

/** What is wrong with one key of one action in the config. */
export interface KeyProblem {
  /** As in the config: `restart` or `containers.restart`. */
  readonly name: string;
  /** The key; undefined when the name itself is wrong. */
  readonly key: string | undefined;
  readonly why: string;
}

/** Same bytes as other keys, or taken by tmux, screen, flow control, input methods and the shell. */
const BANNED: Readonly<Record<string, string>> = {
  'ctrl-i': 'is the same byte as tab',
  'ctrl-m': 'is the same byte as enter',
  'ctrl-j': 'is the same byte as enter',
  'ctrl-h': 'is the same byte as backspace',
  'ctrl-[': 'is the same byte as esc',
  'ctrl-a': 'belongs to screen',
  'ctrl-b': 'belongs to tmux',
  'ctrl-q': 'belongs to flow control',
  'ctrl-space': 'switches the input method',
  'ctrl-\\': 'ends programs (SIGQUIT)',
};

const NAMED =
  /^(?:(?:ctrl-|shift-)?(?:up|down|left|right|home|end|pgup|pgdn|insert|delete|tab|enter|esc|space|backspace|f(?:[1-9]|1[0-2])))$/;

function whyNoKey(key: string): string | undefined {
  const banned = BANNED[key];
  if (banned) return `${key} ${banned}`;
  if (key.startsWith('alt-')) return 'alt can’t be told from esc on a slow line';
  if (/^ctrl-[a-z\]^_]$/.test(key) || NAMED.test(key) || /^[!-~]$/.test(key)) return undefined;
  return `"${key}" is no key; keys are written j, G, ctrl-r, space, enter, f5, shift-tab`;
}

/** What may never be taken away: leaving, giving up, and the line that can do everything. */
const FIXED = new Set(['interrupt', 'escape']);

const SCREENS = Object.keys(BINDINGS) as ScreenName[];
const ACTIONS = new Set(SCREENS.flatMap((screen) => BINDINGS[screen].map(({ action }) => action)));

/** Every name that may stand in `keys` of the config. */
export function keyNames(): readonly string[] {
  const own = SCREENS.flatMap((screen) =>
    BINDINGS[screen].map(({ action }) => `${screen}.${action}`),
  );
  return [...ACTIONS, ...own];
}

function whyNoName(name: string): string | undefined {
  const [first = '', second] = name.split('.');
  const action = second ?? first;
  if (FIXED.has(action)) return `the keys of ${action} can’t be changed`;
  const names = keyNames();
  if (names.includes(name)) return undefined;
  const near = nearestWord(name, names);
  return `there is no action ${name}${near ? `; ${near} is the nearest` : ''}`;
}

/** Which setting holds for an action on a screen: the one that names the screen before the one that does not. */
function settingFor(choice: KeyChoice, screen: ScreenName, action: string): string | undefined {
  if (FIXED.has(action)) return undefined;
  return [`${screen}.${action}`, action].find((name) => Object.hasOwn(choice, name));
}

class ScreenKeys {
  readonly problems: KeyProblem[] = [];
  readonly #taken = new Map<string, string>();
  readonly #choice: KeyChoice;
  readonly #screen: ScreenName;

  constructor(choice: KeyChoice, screen: ScreenName) {
    this.#choice = choice;
    this.#screen = screen;
  }

  bindings(): readonly Binding[] {
    const all = BINDINGS[this.#screen];
    for (const { action, keys } of all) {
      if (settingFor(this.#choice, this.#screen, action) !== undefined) continue;
      for (const key of keys) this.#taken.set(key, action);
    }
    return all.map((binding) => this.#changed(binding));
  }

  #changed(binding: Binding): Binding {
    const name = settingFor(this.#choice, this.#screen, binding.action);
    if (name === undefined) return binding;
    const wanted = this.#choice[name] ?? [];
    const good = wanted.filter((key) => this.#take(key, name, binding.action));
    if (good.length > 0 || wanted.length === 0) return { ...binding, keys: good };
    const left = binding.keys.filter((key) => !this.#taken.has(key));
    for (const key of left) this.#taken.set(key, binding.action);
    return { ...binding, keys: left };
  }

  #take(key: string, name: string, action: string): boolean {
    const why = whyNoKey(key) ?? this.#whyTaken(key, action);
    if (why !== undefined) this.problems.push({ name, key, why });
    else this.#taken.set(key, action);
    return why === undefined;
  }

  #whyTaken(key: string, action: string): string | undefined {
    if (this.#screen === 'form' && key.length === 1)
      return `${key} is text in the form ${this.#screen}`;
    const other = this.#taken.get(key);
    if (other === undefined || other === action) return undefined;
    return `${key} is ${other} on the screen ${this.#screen} already`;
  }
}

interface Read {
  readonly keymap: Keymap;
  readonly problems: readonly KeyProblem[];
}

function read(choice: KeyChoice): Read {
  const problems = new Map<string, KeyProblem>();
  const good: Record<string, readonly string[]> = {};
  for (const [name, keys] of Object.entries(choice)) {
    const why = whyNoName(name);
    if (why === undefined) good[name] = keys;
    else problems.set(name, { name, key: undefined, why });
  }
  const entries = SCREENS.map((screen) => {
    const keys = new ScreenKeys(good, screen);
    const bindings = keys.bindings();
    for (const problem of keys.problems) {
      const id = `${problem.name} ${problem.key}`;
      if (!problems.has(id)) problems.set(id, problem);
    }
    return [screen, bindings] as const;
  });
  return {
    keymap: Object.fromEntries(entries) as unknown as Keymap,
    problems: [...problems.values()],
  };
}

const known = new WeakMap<KeyChoice, Read>();

function readOnce(choice: KeyChoice): Read {
  const found = known.get(choice) ?? read(choice);
  known.set(choice, found);
  return found;
}

/** What can't be used of a choice of keys; each key that is named keeps its action's other keys working. */
export function keyProblems(choice: KeyChoice): readonly KeyProblem[] {
  return readOnce(choice).problems;
}

/** The bindings of a screen with this person's keys. */
export function bindingsOf(state: AppState, screen: ScreenName): readonly Binding[] {
  return readOnce(state.settings.keys).keymap[screen];
}

/** The binding of a key on a screen; undefined when the key means nothing there. */
export function bindingOf(state: AppState, screen: ScreenName, key: string): Binding | undefined {
  return bindingsOf(state, screen).find((binding) => binding.keys.includes(key));
}
