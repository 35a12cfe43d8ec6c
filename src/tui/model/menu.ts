/** A short list over the screen, each line with its letter: what can be done with, or copied of, what lies under the cursor. */
import { go } from 'fuzzysort';
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
  /** Among the items that are shown. */
  readonly at: number;
  /** Where letters narrow the list instead of running a line: what was typed so far. */
  readonly find?: string;
}

/** The items that what was typed leaves, the best first. */
export function shownItems({ items, find }: Menu): readonly MenuItem[] {
  if (find === undefined || find === '') return items;
  const found = go(find, items, { keys: [({ label }) => label, ({ detail }) => detail] });
  const place = new Map(items.map((item, at) => [item, at]));
  return [...found]
    .sort((a, b) => b.score - a.score || (place.get(a.obj) ?? 0) - (place.get(b.obj) ?? 0))
    .map(({ obj }) => obj);
}
