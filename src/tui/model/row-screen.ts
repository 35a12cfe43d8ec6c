/** The screens that are lists of rows, apart from the two big lists, which are kept sorted in the state. */
import type { ProblemsScreen } from './problem-list.ts';

export type RowScreen = ProblemsScreen;

const KINDS: ReadonlySet<string> = new Set<RowScreen['kind']>(['problems']);

/** Whether a screen is such a list. */
export function isRowScreen<Screen extends { readonly kind: string }>(
  screen: Screen,
): screen is Extract<Screen, RowScreen> {
  return KINDS.has(screen.kind);
}
