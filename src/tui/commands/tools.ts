/** What a command may touch of the world: the fleet, the two outputs, and a person who may be there to answer. */
import type { Fleet } from '../../client/fleet.ts';
import type { Locks } from './locks.ts';

export interface CommandTools {
  readonly fleet: Fleet;
  readonly locks: Locks;
  /** Resolves when the text has left this process: whoever writes much waits for its reader. */
  readonly write: (text: string) => Promise<void>;
  /** One line on stderr. */
  readonly say: (sentence: string) => void;
  /** Asks the person at the terminal; undefined when nobody is there. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Whether `write` ends on a terminal. */
  readonly isTerminal: boolean;
}
