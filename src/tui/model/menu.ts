/** A short list over the screen, each line with its letter: what can be done with, or copied of, what lies under the cursor. */
import type { Intent } from './event.ts';

export interface MenuItem {
  /** The key that runs it; empty when there are more items than letters. */
  readonly key: string;
  readonly label: string;
  /** What will be copied or opened; empty where the label says it all. */
  readonly detail: string;
  /** What it means or, as a clause, why it means nothing now. */
  readonly run: Intent | string;
}

export interface Menu {
  readonly title: string;
  /** Made when it was opened: what moves underneath changes nothing in it. */
  readonly items: readonly MenuItem[];
  readonly at: number;
}
