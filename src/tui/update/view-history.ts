/** The lists a person has been in, like pages of a browser: back, forward, and the last one. */
import { rebuildList, withFilter } from '../model/container-list.ts';
import { FRESH_CURSOR } from '../model/list-cursor.ts';
import type { Screen } from '../model/screen.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import type { PastView, ViewHistory } from '../model/view-history.ts';
import { say } from './say.ts';

const KEPT = 50;

const isList = ({ kind }: Screen) =>
  kind === 'containers' ||
  kind === 'environments' ||
  kind === 'operations' ||
  kind === 'problems' ||
  kind === 'events';

const listsOf = (state: AppState) => state.screens.filter(isList);

function viewOf(state: AppState): PastView {
  return { screens: listsOf(state), scope: state.scope, filterText: state.containers.filterText };
}

const nameOf = ({ screens, scope }: PastView) =>
  `${screens.map(({ kind }) => kind).join('/')} ${scope ?? ''}`;

/** The state that remembers the view it has just left; moving in the history itself is no new view. */
export function remembered(before: AppState, state: AppState): AppState {
  if (state.viewHistory !== before.viewHistory) return state;
  if (before.screens === state.screens && before.scope === state.scope) return state;
  const left = viewOf(before);
  if (nameOf(left) === nameOf(viewOf(state))) return state;
  const past = [...state.viewHistory.past, left].slice(-KEPT);
  return { ...state, viewHistory: { past, future: [] } };
}

/** The step of going through the history; `last` changes places with the view before this one. */
export function travel(state: AppState, to: 'back' | 'forward' | 'last'): Step {
  const { past, future } = state.viewHistory;
  const here = viewOf(state);
  const target = to === 'forward' ? future.at(-1) : past.at(-1);
  if (!target) return say(state, 'info', `There is no view to go ${to === 'last' ? 'to' : to} to.`);
  if (to === 'forward')
    return show(state, target, { past: [...past, here], future: future.slice(0, -1) });
  const rest = past.slice(0, -1);
  return show(
    state,
    target,
    to === 'back' ? { past: rest, future: [...future, here] } : { past: [...rest, here], future },
  );
}

function show(state: AppState, view: PastView, viewHistory: ViewHistory): Step {
  const { screens, scope, filterText } = view;
  const isGone = typeof scope === 'number' && !shownFleet(state).environments.has(scope);
  const valid = isGone ? undefined : scope;
  const list = { ...withFilter(state.containers, filterText), cursor: FRESH_CURSOR };
  return stay({
    ...state,
    screens,
    scope: valid,
    viewHistory,
    containers: rebuildList(list, shownFleet(state), valid, state.nowMs),
  });
}
