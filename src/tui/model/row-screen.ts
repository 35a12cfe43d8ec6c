/** The screens that are lists of rows, apart from the two big lists, which are kept sorted in the state. */
import type { EventsScreen } from './event-list.ts';
import type { HistoryScreen } from './history-view.ts';
import type { OwnLogScreen } from './own-log-view.ts';
import type { ProblemsScreen } from './problem-list.ts';

export type RowScreen = ProblemsScreen | EventsScreen | HistoryScreen | OwnLogScreen;

/** Those whose newest row is the last one. */
export type FollowedScreen = EventsScreen | HistoryScreen | OwnLogScreen;

const KINDS: ReadonlySet<string> = new Set<RowScreen['kind']>([
  'problems',
  'events',
  'history',
  'own-log',
]);

/** Whether a screen is such a list. */
export function isRowScreen<Screen extends { readonly kind: string }>(
  screen: Screen,
): screen is Extract<Screen, RowScreen> {
  return KINDS.has(screen.kind);
}
