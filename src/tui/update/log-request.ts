/** What an engine is asked for so that a view shows its range, at first and again after a break. */
import type { LogRange } from '../model/log-range.ts';
import type { LogTail } from '../model/log-source.ts';

/** Lines of one log alone, and of all logs of a view together; no log of many gives more than it would alone. */
interface Share {
  readonly alone: number;
  readonly together: number;
}

const FIRST: Share = { alone: 2_000, together: 20_000 };
const HEAD: Share = { alone: 10_000, together: 40_000 };
const STRETCH: Share = { alone: 20_000, together: 40_000 };

export interface LogWindow {
  readonly tail: number | undefined;
  readonly sinceMs: number | undefined;
  readonly untilMs?: number | undefined;
  readonly most?: number | undefined;
}

export interface Asking {
  readonly nowMs: number;
  /** Of how many logs it is one. */
  readonly among: number;
  /** How far the host's clock is ahead of ours, as far as that is known. */
  readonly aheadMs: number;
}

const shareOf = ({ alone, together }: Share, among: number) =>
  Math.min(among === 1 ? Math.max(alone, together / 2) : alone, Math.ceil(together / among));

/** Lines asked for when a log is opened alone. */
export const FIRST_LINES = FIRST.alone;

/** The first question for a range; a range that ends is not followed. */
export function beginWindow(range: LogRange, { nowMs, among, aheadMs }: Asking): LogWindow {
  switch (range.kind) {
    case 'tail':
    case 'before':
      return { tail: Math.min(FIRST.alone, Math.ceil(FIRST.together / among)), sinceMs: undefined };
    case 'last':
      return { tail: shareOf(STRETCH, among), sinceMs: nowMs + aheadMs - range.ms };
    case 'head':
      return { tail: undefined, sinceMs: undefined, most: shareOf(HEAD, among) };
    case 'stretch': {
      const untilMs = range.toMs === undefined ? undefined : range.toMs + aheadMs;
      const sinceMs = range.fromMs + aheadMs;
      return { tail: undefined, sinceMs, untilMs, most: shareOf(STRETCH, among) };
    }
  }
}

/** Whether so few lines came that the log can have had no more when it was opened. */
export function isAllThereWas(range: LogRange, received: number, among: number): boolean {
  const { tail } = beginWindow(range, { nowMs: 0, among, aheadMs: 0 });
  return range.kind === 'tail' && tail !== undefined && received < tail;
}

/** The question that goes on where a stream broke; `received` lines of the range have come already. */
export function nextWindow(
  range: LogRange,
  from: { readonly tail: LogTail | undefined; readonly received: number },
  asking: Asking,
): LogWindow {
  const begin = beginWindow(range, asking);
  if (!from.tail) return begin;
  const most = begin.most && Math.max(1, begin.most - from.received) + from.tail.count;
  return { ...begin, tail: undefined, sinceMs: from.tail.atMs, most };
}
