/** What a filter selects of a fleet, in the order it is shown: by environment, then by name, numbers as numbers. */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { containerPasses } from '../model/container-list.ts';
import { naturalKey } from '../model/container-sort.ts';
import { environmentPasses } from '../model/environment-list.ts';
import type { Filter } from '../model/filter.ts';
import { hostVerdict } from '../model/filter-hosts.ts';
import type { LiveFleet } from '../model/live-fleet.ts';

export interface Selected {
  readonly environment: Environment;
  readonly container: Container;
}

const byName = <T extends { readonly name: string }>(things: Iterable<T>): readonly T[] =>
  [...things]
    .map((thing) => ({ thing, key: naturalKey(thing.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ thing }) => thing);

/** The environments that pass the filter. */
export function selectEnvironments(fleet: LiveFleet, filter: Filter): readonly Environment[] {
  return byName(fleet.environments.values()).filter((one) => environmentPasses(filter, one));
}

/** The environments that may hold what the filter asks for: all but those it rules out by name. */
export function askedEnvironments(fleet: LiveFleet, filter: Filter): readonly Environment[] {
  return byName(fleet.environments.values()).filter(
    (environment) => hostVerdict(filter, environment) !== false,
  );
}

/** The containers that pass the filter, those of silent environments too. */
export function selectContainers(fleet: LiveFleet, filter: Filter): readonly Selected[] {
  return byName(fleet.environments.values()).flatMap((environment) =>
    byName(fleet.containers.get(environment.id)?.values() ?? [])
      .filter((container) => containerPasses(filter, container, environment))
      .map((container) => ({ environment, container })),
  );
}
