/** Which lines of a log are shown: all of them, or those the search found, alone or with the lines around them. */
import type { LogBuffer } from './log-buffer.ts';

export type Lens = 'all' | 'matches' | 'context';

/** Lines shown before and after a match. */
export const CONTEXT_LINES = 3;

/** The shown lines by their place among each other. */
export interface ShownLines {
  readonly count: number;
  /** The number of the line at a place. */
  line(index: number): number;
  /** The place of the first shown line from this number on; `count` when there is none. */
  indexFrom(line: number): number;
}

/** The part of a logs view that decides. */
export interface LensView {
  readonly log: LogBuffer;
  readonly lens: Lens;
  /** Numbers of the lines that match, rising. */
  readonly search:
    | { readonly why: string | undefined; readonly matches: readonly number[] }
    | undefined;
}

const known = new WeakMap<LensView, ShownLines>();

/** The lines that a view shows. */
export function shownLines(view: LensView): ShownLines {
  const made = known.get(view) ?? choose(view);
  known.set(view, made);
  return made;
}

function choose({ log, lens, search }: LensView): ShownLines {
  if (lens === 'all' || !search || search.why !== undefined) {
    const count = log.end - log.dropped;
    return {
      count,
      line: (index) => log.dropped + index,
      indexFrom: (line) => Math.max(0, Math.min(count, line - log.dropped)),
    };
  }
  if (lens === 'matches') return listed(search.matches);
  const numbers: number[] = [];
  let next = log.dropped;
  for (const match of search.matches) {
    const end = Math.min(log.end, match + CONTEXT_LINES + 1);
    for (next = Math.max(next, match - CONTEXT_LINES); next < end; next++) numbers.push(next);
  }
  return listed(numbers);
}

function listed(numbers: readonly number[]): ShownLines {
  return {
    count: numbers.length,
    line: (index) => numbers[index] ?? 0,
    indexFrom: (line) => {
      let low = 0;
      let high = numbers.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((numbers[middle] ?? 0) < line) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
