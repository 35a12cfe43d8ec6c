/** Saved views: the list as it is now kept under a name, and shown again. */
import { rebuildList } from '../model/container-list.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { parseFilter } from '../model/filter.ts';
import { FRESH_CURSOR } from '../model/list-cursor.ts';
import type { GroupId } from '../model/list-groups.ts';
import { environmentName } from '../model/live-fleet.ts';
import type { MenuItem } from '../model/menu.ts';
import { type SavedView, VIEW_NAME } from '../model/saved-view.ts';
import { type Scope, tagOf } from '../model/scope.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { said, say } from './say.ts';

/** The step of `'`: the views are read, and then offered. */
export function askViews(state: AppState): Step {
  return { state, effects: [{ kind: 'read-views' }] };
}

/** The step of a name typed after `&`. */
export function saveView(state: AppState, { name }: Extract<Intent, { kind: 'save-view' }>): Step {
  if (!VIEW_NAME.test(name)) {
    const words = 'A view needs a name of up to 40 letters, digits, blanks, dots and dashes.';
    return say(state, 'warning', words);
  }
  return { state, effects: [{ kind: 'save-view', view: viewOf(state, name) }] };
}

/** The list of containers as it is now. */
function viewOf(state: AppState, name: string): SavedView {
  const { filterText, sort, isWide, problemsOnly } = state.containers;
  const { scope } = state;
  const tag = tagOf(scope);
  const environment =
    typeof scope === 'number' ? environmentName(shownFleet(state), scope) : undefined;
  return {
    ...{ name, filter: filterText, sort, isWide, problemsOnly },
    ...(environment !== undefined && { environment }),
    ...(tag !== undefined && { tag }),
  };
}

/** The step of the answer to what was asked of the views. */
export function onViews(
  state: AppState,
  { outcome, saved, forgotten }: Extract<OutsideEvent, { kind: 'views' }>,
): Step {
  if ('why' in outcome) return say(state, 'error', outcome.why);
  if (saved !== undefined) return say(state, 'done', `View ${saved} is saved; ' opens it.`);
  if (forgotten !== undefined) return say(state, 'done', `View ${forgotten} is forgotten.`);
  if (outcome.views.length === 0)
    return say(state, 'info', 'No views are saved yet: & saves the list as it is now.');
  if (state.dialog) return stay(state);
  const items = outcome.views.map(itemOf);
  return stay({ ...state, menu: { title: 'Saved views', items, at: 0, find: '' } });
}

function itemOf(view: SavedView): MenuItem {
  const { name, filter, sort, environment, tag, problemsOnly } = view;
  const detail = [
    ...(filter === '' ? [] : [`/${filter}`]),
    ...(problemsOnly ? ['! problems'] : []),
    ...(environment === undefined ? [] : [`of ${environment}`]),
    ...(tag === undefined ? [] : [`tag:${tag}`]),
    `by ${sort.by}`,
  ].join('  ');
  return { key: '', label: name, detail, run: { kind: 'show-view', view } };
}

/** The step of showing a saved view. */
export function showView(state: AppState, { view }: Extract<Intent, { kind: 'show-view' }>): Step {
  const scope = scopeOf(state, view);
  const parsed = parseFilter(view.filter);
  if (parsed.kind === 'bad')
    return say(state, 'error', `The filter of view ${view.name} is wrong: ${parsed.why}.`);
  const list = {
    ...state.containers,
    ...{ filterText: view.filter, filter: parsed.filter, sort: view.sort },
    ...{ isWide: view.isWide, problemsOnly: view.problemsOnly, folded: new Set<GroupId>() },
    cursor: FRESH_CURSOR,
  };
  const isLost = view.environment !== undefined && scope === undefined;
  const next: AppState = {
    ...state,
    screens: [{ kind: 'containers' }],
    scope,
    containers: rebuildList(list, shownFleet(state), scope, state.nowMs),
  };
  const words = `No environment is called ${view.environment} any more: view ${view.name} shows all.`;
  return stay(isLost ? said(next, 'warning', words) : next);
}

function scopeOf(state: AppState, { environment, tag }: SavedView): Scope {
  if (tag !== undefined) return `tag:${tag}`;
  const all = [...shownFleet(state).environments.values()];
  return all.find(({ name }) => name === environment)?.id;
}
