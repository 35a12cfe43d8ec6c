/** The menus that are narrowed by typing: the scopes of the fleet, and the columns to sort by. */
import { formatThings } from '../format/amounts.ts';
import { naturalKey } from '../model/container-sort.ts';
import { EMPTY_TALLY } from '../model/live-fleet.ts';
import type { Menu, MenuItem } from '../model/menu.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { SORTS } from './sorts.ts';

type Content = Pick<Menu, 'title' | 'items' | 'find'>;

/** All, then tags, then environments with the name of their host. */
export function scopeMenu(state: AppState): Content {
  const fleet = shownFleet(state);
  const environments = [...fleet.environments.values()]
    .map((environment) => ({ environment, key: naturalKey(environment.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ environment }) => environment);
  const counts = new Map<string, number>();
  for (const { tags } of environments)
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const all: MenuItem = {
    key: '',
    label: 'all',
    detail: formatThings(environments.length, 'environment'),
    run: { kind: 'scope', environmentId: undefined },
  };
  const tags = [...counts].sort().map(
    ([tag, count]): MenuItem => ({
      key: '',
      label: `tag:${tag}`,
      detail: formatThings(count, 'environment'),
      run: { kind: 'scope', environmentId: undefined, tag },
    }),
  );
  const own = environments.map(({ id, name, engine, connection }): MenuItem => {
    const { total } = fleet.tallies.get(id) ?? EMPTY_TALLY;
    const host = engine && engine.hostName !== name ? `host ${engine.hostName}, ` : '';
    const words = connection === 'up' ? formatThings(total, 'container') : connection;
    return {
      key: '',
      label: name,
      detail: `${host}${words}`,
      run: { kind: 'scope', environmentId: id },
    };
  });
  return { title: 'Scope', items: [all, ...tags, ...own], find: '' };
}

/** Everything that can be sorted by. */
export function sortMenu(): Content {
  const items = SORTS.map(
    ({ by, label, key }): MenuItem => ({ key: '', label, detail: key, run: { kind: 'sort', by } }),
  );
  return { title: 'Sort by', items, find: '' };
}
