/** What stands where rows would be: never just nothing, and never "none" while something is still loading. */
import { formatCount } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { isInScope } from '../model/scope.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine } from './cells.ts';
import type { Line } from './view.ts';

/** How many environments have not told their containers yet, and how many there are in scope. */
export function loadingCount(state: AppState): { readonly loaded: number; readonly all: number } {
  const fleet = shownFleet(state);
  let loaded = 0;
  let all = 0;
  for (const environment of fleet.environments.values()) {
    if (!isInScope(fleet, state.scope, environment.id)) continue;
    all++;
    if (environment.connection !== 'connecting') loaded++;
  }
  return { loaded, all };
}

/** `loading 3/5 environments`, or nothing when all have answered one way or the other. */
export function loadingWords(state: AppState): string {
  const { loaded, all } = loadingCount(state);
  return loaded < all ? `loading ${formatCount(loaded)}/${formatCount(all)} environments` : '';
}

export interface EmptyList {
  readonly noun: string;
  readonly filterText: string;
  readonly problemsOnly: boolean;
}

/** The lines for a list without rows. */
export function emptyLines(state: AppState, list: EmptyList): readonly Line[] {
  const [words, hint] = emptyWords(state, list);
  return [plainLine(''), plainLine(`   ${words}`, 'plain'), plainLine(`   ${hint}`, 'dim')];
}

function emptyWords(state: AppState, list: EmptyList): readonly [string, string] {
  const { connection, fleet } = state;
  if (fleet.heardAtMs === undefined) return connectingWords(state);
  if (list.filterText !== '') {
    return [`No ${list.noun} match ${printable(list.filterText)}`, 'esc clears the filter'];
  }
  const loading = loadingWords(state);
  if (loading !== '') return [`${loading} …`, 'rows appear as each one answers'];
  if (list.problemsOnly) return ['No problems', '! shows everything again'];
  if (fleet.environments.size === 0) {
    return ['No environments yet', '1 shows their list, n adds one there'];
  }
  if (connection.kind !== 'live') return connectingWords(state);
  const silent = whySilent(state);
  if (silent !== undefined) return [printable(silent), 'tried again by itself; 1 tells more'];
  const hint = state.scope === undefined ? 'start one and it appears' : '0 shows all environments';
  return [`No ${list.noun} here`, hint];
}

/** Why no environment in scope answers; undefined when at least one does. */
function whySilent(state: AppState): string | undefined {
  let why: string | undefined;
  for (const { id, connection, reason, name } of shownFleet(state).environments.values()) {
    if (!isInScope(shownFleet(state), state.scope, id)) continue;
    if (connection !== 'down') return undefined;
    why ??= reason ?? `${name} does not answer`;
  }
  return why;
}

function connectingWords({ connection, title }: AppState): readonly [string, string] {
  switch (connection.kind) {
    case 'connecting':
      return [`Connecting to ${printable(title)} …`, attemptWords(connection.attempt)];
    case 'live':
      return ['Connected, waiting for the first data …', ''];
    case 'lost':
      return [printable(connection.reason), 'trying again by itself; Q quits'];
    case 'refused':
      return [printable(connection.reason), 'this needs somebody to change something; Q quits'];
  }
}

function attemptWords(attempt: number): string {
  return attempt > 1 ? `attempt ${attempt}` : '';
}
