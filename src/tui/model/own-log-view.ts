/** The console's own log on a screen: followed at its end, filtered by the words of every list. */
import { passes } from './filter.ts';
import type { OwnLine, OwnLog } from './own-log.ts';
import { FRESH_ROWS, type RowList } from './row-list.ts';

export interface OwnLogScreen extends RowList {
  readonly kind: 'own-log';
  readonly isFollowing: boolean;
  readonly seenCount: number;
  /** Warnings and errors only. */
  readonly worseOnly: boolean;
}

export const FRESH_OWN_LOG: OwnLogScreen = {
  ...FRESH_ROWS,
  ...{ kind: 'own-log', isFollowing: true, seenCount: 0, worseOnly: false },
};

/** The lines that the screen shows; a severity is a word like any other. */
export function shownOwnLines(log: OwnLog, screen: OwnLogScreen): readonly OwnLine[] {
  const { filter, worseOnly } = screen;
  if (filter.kind === 'everything' && !worseOnly) return log.all;
  return log.all.filter(
    ({ severity, text }) => !(worseOnly && severity === 'info') && passes(filter, [severity, text]),
  );
}
