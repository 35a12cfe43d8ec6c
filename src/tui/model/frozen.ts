/** A screen that stands still: what it shows, and which of its rows will look otherwise when it goes on. */
import type { Container } from '../../protocol/container.ts';
import { type ContainerKey, containerKey } from '../../protocol/container-key.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { FleetEvents } from './fleet-event.ts';
import type { Delta } from './fold-feed.ts';
import { containerAt, type LiveFleet } from './live-fleet.ts';

export interface Frozen {
  /** As it was when the person froze the screen. */
  readonly fleet: LiveFleet;
  readonly events: FleetEvents;
  /** Containers and, by id, environments that differ from it to the eye: at most one entry for each. */
  readonly waiting: ReadonlySet<ContainerKey | number>;
}

/** The frozen screen after the fleet became `fleet`; of containers only those count that `isShown`. */
export function withWaiting(
  frozen: Frozen,
  fleet: LiveFleet,
  delta: Delta,
  isShown: (container: Container) => boolean,
): Frozen {
  const waiting = new Set(frozen.waiting);
  const judge = (id: ContainerKey | number, isOther: boolean) =>
    isOther ? waiting.add(id) : waiting.delete(id);
  for (const key of touched(frozen, fleet, delta)) {
    const [before, after] = [containerAt(frozen.fleet, key), containerAt(fleet, key)];
    const isOnScreen = [before, after].some((one) => one !== undefined && isShown(one));
    judge(key, isOnScreen && !looksSame(before, after, CONTAINER_LOOKS));
  }
  if (delta.isWhole || delta.hasEnvironments) {
    const ids = new Set([...frozen.fleet.environments.keys(), ...fleet.environments.keys()]);
    for (const id of ids) {
      const [before, after] = [frozen.fleet.environments.get(id), fleet.environments.get(id)];
      judge(id, !looksSame(before, after, ENVIRONMENT_LOOKS));
    }
  }
  return { ...frozen, waiting };
}

/** After a new snapshot nobody says which containers it touched: all of both fleets are looked at. */
function touched(frozen: Frozen, fleet: LiveFleet, delta: Delta): Iterable<ContainerKey> {
  if (!delta.isWhole) return delta.containers.keys();
  const all = [...frozen.fleet.containers.values(), ...fleet.containers.values()];
  return new Set(all.flatMap((some) => [...some.values()].map(containerKey)));
}

const CONTAINER_LOOKS = [
  'name',
  'image',
  'state',
  'health',
  'exitCode',
  'startedAtMs',
  'finishedAtMs',
  'restartsSeen',
] as const satisfies readonly (keyof Container)[];

/** Not when it was last seen: that changes with every beat. */
const ENVIRONMENT_LOOKS = [
  'name',
  'address',
  'connection',
  'sinceMs',
  'reason',
] as const satisfies readonly (keyof Environment)[];

function looksSame<Thing>(
  before: Thing | undefined,
  after: Thing | undefined,
  looks: readonly (keyof Thing)[],
): boolean {
  if (!before || !after) return before === after;
  return before === after || looks.every((look) => before[look] === after[look]);
}
