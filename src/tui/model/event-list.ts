/** The list of events: what happened in the fleet and what was done from here, oldest first, followed at its end. */
import { stateWords } from './condition.ts';
import { naturalKey } from './container-sort.ts';
import { passes } from './filter.ts';
import { EVERYWHERE, type FleetEvent, type FleetEvents } from './fleet-event.ts';
import { containerAt, environmentName, environmentTags, type LiveFleet } from './live-fleet.ts';
import { FRESH_ROWS, type RowList } from './row-list.ts';
import { isInScope, type Scope } from './scope.ts';

export type EventSort = 'age' | 'name' | 'host' | 'urgency';

export interface EventsScreen extends RowList {
  readonly kind: 'events';
  readonly sort: EventSort;
  readonly isReversed: boolean;
  /** The cursor stays on the last row, whatever comes. */
  readonly isFollowing: boolean;
  /** How many events there had been when it last followed. */
  readonly seenCount: number;
}

export const FRESH_EVENTS: EventsScreen = {
  ...FRESH_ROWS,
  kind: 'events',
  sort: 'age',
  isReversed: false,
  isFollowing: true,
  seenCount: 0,
};

/** `eu-1/web-7`, `eu-1` for the environment itself, `feed` for what is about all of them. */
export function eventPath(
  fleet: LiveFleet,
  event: Pick<FleetEvent, 'environmentId' | 'containerId' | 'name'>,
): string {
  if (event.environmentId === EVERYWHERE) return event.name;
  const host = environmentName(fleet, event.environmentId);
  return event.containerId === undefined ? host : `${host}/${event.name}`;
}

/** The events that the list shows, in its order: the newest at the end unless sorted otherwise. */
export function shownEvents(
  events: FleetEvents,
  fleet: LiveFleet,
  scope: Scope,
  screen: EventsScreen,
): readonly FleetEvent[] {
  const isAll = scope === undefined && screen.filter.kind === 'everything';
  const found = isAll
    ? events.all
    : events.all.filter(
        (event) => isIn(fleet, scope, event) && eventPasses(fleet, screen.filter, event),
      );
  if (screen.sort === 'age') return screen.isReversed ? found.toReversed() : found;
  const compare = compareBy(fleet, screen.sort);
  const sign = screen.isReversed ? -1 : 1;
  return found.toSorted((a, b) => sign * compare(a, b) || a.atMs - b.atMs);
}

function isIn(fleet: LiveFleet, scope: Scope, { environmentId }: FleetEvent): boolean {
  return environmentId === EVERYWHERE || isInScope(fleet, scope, environmentId);
}

/** Whether an event passes a filter; image, labels and state are those that its container has now. */
export function eventPasses(
  fleet: LiveFleet,
  filter: EventsScreen['filter'],
  event: FleetEvent,
): boolean {
  if (filter.kind === 'everything') return true;
  const { environmentId, containerId, name, text, source } = event;
  const host = environmentId === EVERYWHERE ? '' : environmentName(fleet, environmentId);
  const container =
    containerId === undefined ? undefined : containerAt(fleet, `${environmentId}/${containerId}`);
  return passes(filter, [name, host, text, source, container?.image ?? ''], {
    ...{ name, host, image: container?.image ?? '', labels: container?.labels ?? {} },
    state: container
      ? stateWords(container)
      : (fleet.environments.get(environmentId)?.connection ?? ''),
    tags: environmentTags(fleet, environmentId),
  });
}

type Compare = (a: FleetEvent, b: FleetEvent) => number;
const RANK = { problem: 0, nodata: 1, changing: 2, plain: 3 } as const;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compareBy(fleet: LiveFleet, sort: Exclude<EventSort, 'age'>): Compare {
  const host = ({ environmentId }: FleetEvent) => naturalKey(environmentName(fleet, environmentId));
  switch (sort) {
    case 'name':
      return (a, b) => byText(naturalKey(a.name), naturalKey(b.name));
    case 'host':
      return (a, b) => byText(host(a), host(b));
    case 'urgency':
      return (a, b) => RANK[a.tone] - RANK[b.tone];
  }
}
