/** Both lists built anew from what is shown now: after a scope, a thaw or a new snapshot. */
import { rebuildList } from '../model/container-list.ts';
import { rebuildEnvironments } from '../model/environment-list.ts';
import { type AppState, shownFleet } from '../model/state.ts';

/** The state with both lists filtered and sorted from scratch. */
export function relisted(state: AppState): AppState {
  const fleet = shownFleet(state);
  return {
    ...state,
    containers: rebuildList(state.containers, fleet, state.scope, state.nowMs),
    environments: rebuildEnvironments(state.environments, fleet),
  };
}
