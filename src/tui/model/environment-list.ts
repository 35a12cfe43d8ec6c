/** The list of environments: few enough to be sorted whenever the feed speaks of one. */
import type { Environment } from '../../protocol/environment.ts';
import { naturalKey } from './container-sort.ts';
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';
import type { LiveFleet } from './live-fleet.ts';

export interface EnvironmentList {
  readonly filterText: string;
  readonly filter: Filter;
  readonly problemsOnly: boolean;
  readonly order: readonly number[];
  readonly cursor: Cursor<number>;
}

export const FRESH_ENVIRONMENT_LIST: EnvironmentList = {
  filterText: '',
  filter: EVERYTHING,
  problemsOnly: false,
  order: [],
  cursor: FRESH_CURSOR,
};

function isListed(list: EnvironmentList, fleet: LiveFleet, environment: Environment): boolean {
  const problems = fleet.tallies.get(environment.id)?.problems ?? 0;
  if (list.problemsOnly && problems === 0 && environment.connection !== 'down') return false;
  return environmentPasses(list.filter, environment);
}

/** Whether the environment passes the filter; its connection is its state, and it has neither image nor labels. */
export function environmentPasses(filter: Filter, environment: Environment): boolean {
  const { name, address, kind, connection, engine, tags } = environment;
  const fields = [name, address, kind, connection, engine?.version ?? '', ...tags];
  const facets = { name, host: name, image: '', state: connection, labels: {}, tags };
  return passes(filter, fields, facets);
}

/** The list filtered and ordered by name; the id decides between equal names. */
export function rebuildEnvironments(list: EnvironmentList, fleet: LiveFleet): EnvironmentList {
  const order = [...fleet.environments.values()]
    .filter((environment) => isListed(list, fleet, environment))
    .map((environment) => ({ id: environment.id, name: naturalKey(environment.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id))
    .map((environment) => environment.id);
  return { ...list, order };
}

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withEnvironmentFilter(list: EnvironmentList, text: string): EnvironmentList {
  const parsed = parseFilter(text);
  return { ...list, filterText: text, filter: parsed.kind === 'ok' ? parsed.filter : list.filter };
}
