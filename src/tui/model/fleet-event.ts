/** What happened in the fleet while this console watched, as its feed told it: the newest so many, oldest first. */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { conditionOf, stateWords } from './condition.ts';
import type { Delta } from './fold-feed.ts';
import type { LiveFleet } from './live-fleet.ts';

export type EventTone = 'problem' | 'nodata' | 'changing' | 'plain';

/** Who told it: the feed, this console of its own operations, and in a history what engine and server remember. */
export type EventSource = 'feed' | 'console' | 'engine' | 'server' | 'problem';

/** Stands for the whole fleet in an event that is about no environment in particular. */
export const EVERYWHERE = -1;

export interface FleetEvent {
  readonly id: string;
  /** By this machine's clock. */
  readonly atMs: number;
  readonly environmentId: number;
  /** Undefined when it is about the environment. */
  readonly containerId: string | undefined;
  /** Of the container, else of the environment. */
  readonly name: string;
  readonly text: string;
  readonly tone: EventTone;
  readonly source: EventSource;
  /** Of the console's own operation. */
  readonly operationId?: string;
}

export interface FleetEvents {
  readonly all: readonly FleetEvent[];
  /** How many there were in all. */
  readonly count: number;
  /** When the console began to watch; undefined before the first snapshot. */
  readonly sinceMs: number | undefined;
}

export const NO_EVENTS: FleetEvents = { all: [], count: 0, sinceMs: undefined };
export const MOST_EVENTS = 2_000;

type Told = Omit<FleetEvent, 'id'>;

/** The events with these behind them; the oldest make room. */
export function withEvents(events: FleetEvents, told: readonly Told[]): FleetEvents {
  if (told.length === 0) return events;
  const fresh = told.slice(-MOST_EVENTS).map((one, index) => ({
    ...one,
    id: `event-${events.count + Math.max(0, told.length - MOST_EVENTS) + index + 1}`,
  }));
  const all = [
    ...events.all.slice(Math.max(0, events.all.length + fresh.length - MOST_EVENTS)),
    ...fresh,
  ];
  return { ...events, all, count: events.count + told.length };
}

/** What a message of the feed tells as events; after a gap in the feed, what came out of it. The first snapshot tells nothing. */
export function eventsOf(
  before: LiveFleet,
  after: LiveFleet,
  delta: Delta,
  nowMs: number,
): readonly Told[] {
  const told: Told[] = [];
  const isAnew = delta.isWhole && delta.hasProblems && before.heardAtMs !== undefined;
  if (isAnew) told.push(...ofGap(before, after, nowMs));
  if (delta.hasEnvironments && before.heardAtMs !== undefined) {
    for (const environment of after.environments.values()) {
      const known = before.environments.get(environment.id);
      if (known?.connection !== environment.connection)
        told.push(ofEnvironment(environment, nowMs));
    }
  }
  for (const touch of delta.containers.values()) {
    const isFirstList = !touch.before && !isKnown(before, touch.after);
    const one = isFirstList ? undefined : ofContainer(touch.before, touch.after, nowMs);
    if (one) told.push(one);
  }
  return told;
}

/** Whether an environment had told its containers before this one appeared: what it has when it first answers is no news. */
function isKnown(before: LiveFleet, container: Container | undefined): boolean {
  const environment = container && before.environments.get(container.environmentId);
  return environment !== undefined && environment.lastSeenAtMs !== null;
}

/** A snapshot after the first one: what happened meanwhile is known by its outcome only. */
function ofGap(before: LiveFleet, after: LiveFleet, atMs: number): readonly Told[] {
  const silentMs = atMs - (before.heardAtMs ?? atMs);
  const told: Told[] = [
    {
      ...{ atMs, environmentId: EVERYWHERE, containerId: undefined, name: 'feed' },
      text: `began anew after ${Math.round(silentMs / 1_000)}s; of that time only the outcome is known`,
      ...{ tone: 'nodata', source: 'feed' },
    },
  ];
  const ids = new Set([...before.containers.keys(), ...after.containers.keys()]);
  for (const id of ids) {
    const [old, now] = [before.containers.get(id), after.containers.get(id)];
    for (const key of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const one = ofContainer(old?.get(key), now?.get(key), atMs);
      if (one) told.push(one);
    }
  }
  return told;
}

const CONNECTION_WORDS = {
  up: ['answers', 'plain'],
  connecting: ['is being dialled', 'changing'],
  down: ['does not answer', 'nodata'],
} as const;

function ofEnvironment(environment: Environment, atMs: number): Told {
  const [words, tone] = CONNECTION_WORDS[environment.connection];
  const why =
    environment.connection === 'down' && environment.reason ? `: ${environment.reason}` : '';
  const { id, name } = environment;
  return {
    ...{ atMs, environmentId: id, containerId: undefined, name },
    ...{ text: words + why, tone, source: 'feed' },
  };
}

const TONES = { problem: 'problem', changing: 'changing', ok: 'plain', off: 'plain' } as const;

function ofContainer(
  before: Container | undefined,
  after: Container | undefined,
  atMs: number,
): Told | undefined {
  const container = after ?? before;
  if (!container) return undefined;
  const { environmentId, id: containerId, name } = container;
  const about = { atMs, environmentId, containerId, name, source: 'feed' } as const;
  if (!after) return { ...about, text: 'removed', tone: 'plain' };
  const text = before ? stateWords(after) : `appeared, ${stateWords(after)}`;
  if (before && stateWords(before) === text && before.startedAtMs === after.startedAtMs) {
    return undefined;
  }
  const restarts = before ? after.restartsSeen - before.restartsSeen : 0;
  const again = restarts > 0 ? `, restarted${restarts > 1 ? ` ${restarts} times` : ''}` : '';
  return { ...about, text: text + again, tone: TONES[conditionOf(after)] };
}
