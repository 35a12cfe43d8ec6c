/** What a key can mean in the lists of rows: problems, events, the history of one object, the console's own log. */
import type { ProblemSort } from './problem-list.ts';

/** As Intent. */
export type RowIntent =
  | { readonly kind: 'open-problems' }
  | { readonly kind: 'sort-rows'; readonly by: ProblemSort }
  /** Asks for a note, and for how long to mute; of these problems. */
  | {
      readonly kind: 'ask-judge';
      readonly what: 'acknowledge' | 'mute';
      readonly ids: readonly string[];
    };
