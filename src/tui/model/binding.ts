/** Keys and commands as data: footer, help and docs/keys.md are made from the same list that the loop obeys. */
import type { Action } from '../../protocol/permission.ts';
import type { Intent } from './event.ts';
import type { AppState } from './state.ts';

export type KeyGroup = 'look' | 'change' | 'list' | 'move' | 'log' | 'form' | 'program';

/** What an account must be allowed for a key or command: an action in the environment it is about, a team, or the server itself. */
export type Need = Action | 'administrator' | 'team-leader';

export interface Binding {
  /** Names what the key does, in kebab case, once on each screen: a person's own keys are given to it. */
  readonly action: string;
  /** The first one is shown in hints; the others mean the same. */
  readonly keys: readonly string[];
  /** A verb phrase: what the key does. */
  readonly label: string;
  readonly group: KeyGroup;
  /** A shorter label for the footer, which may depend on what the key does now; without one the binding is not hinted at. */
  readonly hint?: string | ((state: AppState) => string | undefined);
  /** Set outside of the group `change` where the key may lead to a change of a host or of the fleet. */
  readonly mayChange?: true;
  /** Without it, every account may. */
  readonly needs?: Need;
  /** The intent this key means now or, as a clause, why it means nothing now. */
  readonly press: (state: AppState) => Intent | string;
}

/** What the footer calls a binding now; undefined when it is not hinted at. */
export function hintOf({ hint }: Binding, state: AppState): string | undefined {
  return typeof hint === 'function' ? hint(state) : hint;
}

/** What a command's argument names. */
export type Completed = 'environment' | 'container' | 'skin';

export interface Command {
  /** The first one is shown; the others mean the same. */
  readonly names: readonly string[];
  /** What stands for its argument in help; undefined when it takes none. */
  readonly argument?: string;
  /** What each word of its argument can be completed to. */
  readonly completes?: readonly Completed[];
  /** Its argument may hold a secret: it is never written to disk. */
  readonly isPrivate?: boolean;
  readonly label: string;
  /** Set where it may lead to a change of a host or of the fleet. */
  readonly mayChange?: true;
  /** Without it, every account may. */
  readonly needs?: Need;
  /** The intent this command means now or, as a sentence, why it can't be. */
  readonly run: (state: AppState, argument: string) => Intent | string;
}
