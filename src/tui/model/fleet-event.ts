/** What happened in the fleet while this console watched, as its feed told it: the newest so many, oldest first. */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { conditionOf, stateWords } from './condition.ts';
import type { Delta } from './fold-feed.ts';
import type { LiveFleet } from './live-fleet.ts';

export type EventTone = 'problem' | 'nodata' | 'changing' | 'plain';

export interface FleetEvent {
  readonly id: number;
  /** By this machine's clock. */
  readonly atMs: number;
  readonly environmentId: number;
  /** Undefined when it is about the environment. */
  readonly containerId: string | undefined;
  /** Of the container, else of the environment. */
  readonly name: string;
  readonly text: string;
  readonly tone: EventTone;
}

export interface FleetEvents {
  readonly all: readonly FleetEvent[];
  /** How many there were in all. */
  readonly count: number;
}

export const NO_EVENTS: FleetEvents = { all: [], count: 0 };
export const MOST_EVENTS = 2_000;

type Told = Omit<FleetEvent, 'id'>;

/** The events with these behind them; the oldest make room. */
export function withEvents(events: FleetEvents, told: readonly Told[]): FleetEvents {
  if (told.length === 0) return events;
  const fresh = told.slice(-MOST_EVENTS).map((one, index) => ({
    ...one,
    id: events.count + told.length - told.slice(-MOST_EVENTS).length + index + 1,
  }));
  const all = [
    ...events.all.slice(Math.max(0, events.all.length + fresh.length - MOST_EVENTS)),
    ...fresh,
  ];
  return { all, count: events.count + told.length };
}

/** What a message of the feed tells as events; of a whole new snapshot only what became of environments. */
export function eventsOf(
  before: LiveFleet,
  after: LiveFleet,
  delta: Delta,
  nowMs: number,
): readonly Told[] {
  const told: Told[] = [];
  if (delta.hasEnvironments && before.sequence !== undefined) {
    for (const environment of after.environments.values()) {
      const known = before.environments.get(environment.id);
      if (known?.connection !== environment.connection)
        told.push(ofEnvironment(environment, nowMs));
    }
  }
  for (const touch of delta.containers.values()) {
    const one = ofContainer(touch.before, touch.after, nowMs);
    if (one) told.push(one);
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
  return { atMs, environmentId: id, containerId: undefined, name, text: words + why, tone };
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
  const about = { atMs, environmentId, containerId, name };
  if (!after) return { ...about, text: 'removed', tone: 'plain' };
  const text = before ? stateWords(after) : `appeared, ${stateWords(after)}`;
  if (before && stateWords(before) === text && before.startedAtMs === after.startedAtMs) {
    return undefined;
  }
  return { ...about, text, tone: TONES[conditionOf(after)] };
}
