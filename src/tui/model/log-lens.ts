/** Which lines of a log are shown, and in which order: all, or what the search found, of the sources that are picked. */
import { type LogBuffer, lineAt } from './log-buffer.ts';
import type { LogPast, MergedLogs } from './log-source.ts';

export type Lens = 'all' | 'matches' | 'context';

/** Lines shown before and after a match. */
export const CONTEXT_LINES = 3;

/** The shown lines by their place among each other. */
export interface ShownLines {
  readonly count: number;
  /** The number of the line at a place. */
  line(index: number): number;
  /** The place of the first shown line from this one on; `count` when there is none. */
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
  /** Lines before this number were cleared away; they are still held. */
  readonly clearedTo: number;
  readonly past: LogPast;
  readonly merged: Pick<MergedLogs, 'hidden' | 'order'> | undefined;
}

interface Known {
  readonly view: LensView;
  readonly shown: ShownLines;
}

const known = new WeakMap<LogBuffer, Known>();

/** The lines that a view shows. */
export function shownLines(view: LensView): ShownLines {
  const last = known.get(view.log);
  if (last && isAlike(last.view, view)) return last.shown;
  const shown = choose(view);
  known.set(view.log, { view, shown });
  return shown;
}

function isAlike(a: LensView, b: LensView): boolean {
  return (
    a.lens === b.lens &&
    a.search?.matches === b.search?.matches &&
    a.search?.why === b.search?.why &&
    a.clearedTo === b.clearedTo &&
    a.past === b.past &&
    a.merged?.hidden === b.merged?.hidden &&
    a.merged?.order === b.merged?.order
  );
}

/** The first line that is not cleared away. */
const firstOf = ({ log, clearedTo }: LensView) => Math.min(log.end, Math.max(log.first, clearedTo));

/**
 * The number under which the remark on what lies before the first shown line stands in the window; undefined when there
 * is nothing to remark. No entry of the log is meant by it.
 */
export function edgeLine(view: LensView): number | undefined {
  const { log, past, clearedTo } = view;
  const isRemarkable = log.letGo > 0 || past.kind !== 'unknown' || clearedTo > log.first;
  return isRemarkable && isEverything(view) ? firstOf(view) - 1 : undefined;
}

function isEverything({ lens, search, merged }: LensView): boolean {
  const isSifted = lens !== 'all' && search !== undefined && search.why === undefined;
  const isPicked = merged !== undefined && (merged.hidden.size > 0 || merged.order !== 'merged');
  return !isSifted && !isPicked;
}

function choose(view: LensView): ShownLines {
  const { log, merged } = view;
  if (isEverything(view)) {
    const first = edgeLine(view) ?? firstOf(view);
    const count = log.end - first;
    return {
      count,
      line: (index) => first + index,
      indexFrom: (line) => Math.max(0, Math.min(count, line - first)),
    };
  }
  const isHidden = (line: number) => {
    const source = lineAt(log, line)?.source;
    return source !== undefined && merged?.hidden.has(source);
  };
  const sifted = siftedNumbers(view);
  const numbers = merged && merged.hidden.size > 0 ? sifted.filter((n) => !isHidden(n)) : sifted;
  return merged?.order === 'by-source' ? bySource(log, numbers) : listed(numbers, byNumber);
}

function siftedNumbers(view: LensView): number[] {
  const { log, lens, search } = view;
  const first = firstOf(view);
  if (lens === 'all' || !search || search.why !== undefined) {
    return Array.from({ length: log.end - first }, (_, index) => first + index);
  }
  if (lens === 'matches') return search.matches.filter((line) => line >= first);
  const numbers: number[] = [];
  let next = first;
  for (const match of search.matches) {
    const end = Math.min(log.end, match + CONTEXT_LINES + 1);
    for (next = Math.max(next, match - CONTEXT_LINES); next < end; next++) numbers.push(next);
  }
  return numbers;
}

type Order = (a: number, b: number) => number;

const byNumber: Order = (a, b) => a - b;

function bySource(log: LogBuffer, numbers: number[]): ShownLines {
  const sourceOf = (line: number) => lineAt(log, line)?.source ?? 0;
  const order: Order = (a, b) => sourceOf(a) - sourceOf(b) || a - b;
  return listed(numbers.toSorted(order), order);
}

function listed(numbers: readonly number[], order: Order): ShownLines {
  return {
    count: numbers.length,
    line: (index) => numbers[index] ?? 0,
    indexFrom: (line) => {
      let low = 0;
      let high = numbers.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (order(numbers[middle] ?? 0, line) < 0) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
