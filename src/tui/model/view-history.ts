/** The lists a person has been in. */
import type { Scope } from './scope.ts';
import type { Screen } from './screen.ts';

/** A view of lists: which of them lie on each other, of what, and how it was filtered when it was left. */
export interface PastView {
  readonly screens: readonly Screen[];
  readonly scope: Scope;
  readonly filterText: string;
}

export interface ViewHistory {
  /** The newest last. */
  readonly past: readonly PastView[];
  readonly future: readonly PastView[];
}
