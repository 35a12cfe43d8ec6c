/**
 * A letter of a filter over a large fleet: it is painted first, and the list filtered right after. Going through 50,000
 * containers takes longer than somebody who types should wait to see the letter.
 */
import { type AppState, topScreen } from '../model/state.ts';

/** Fewer are filtered before anybody could notice. */
const LARGE_FLEET = 5_000;

/** Whether the list of containers may follow its prompt with the next tick. */
export function mayFilterLate(state: AppState): boolean {
  const isList = state.prompt?.kind === 'filter' && topScreen(state).kind === 'containers';
  return isList && state.containers.sorted.entries.length >= LARGE_FLEET;
}

/** Whether the list shows what an earlier text of its prompt left. */
export function owesFilter(state: AppState): boolean {
  return mayFilterLate(state) && state.prompt?.text !== state.containers.filterText;
}
