/** What an engine remembers, in words: what repeats itself is one row with a count, what only makes noise is left out. */
import type { FleetEvent } from './fleet-event.ts';

/** As an engine tells it. */
export interface EngineMemory {
  readonly containerId: string;
  readonly action: string;
  /** By the engine's clock. */
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, string>>;
}

const DULL = /^(?:exec|init|cleanup|connect|disconnect)/u;

const WORDS: Readonly<Record<string, string>> = {
  create: 'created',
  start: 'run began',
  die: 'run ended',
  died: 'run ended',
  kill: 'signal sent',
  stop: 'stopped',
  restart: 'restarted',
  pause: 'paused',
  unpause: 'resumed',
  rename: 'renamed',
  destroy: 'removed',
  remove: 'removed',
  update: 'limits changed',
  oom: 'ran out of memory',
};

/** A signal's number says little to most. */
const SIGNALS: Readonly<Record<string, string>> = {
  '1': 'HUP',
  '2': 'INT',
  '9': 'KILL',
  '15': 'TERM',
};

function wordsOf({ action, attributes }: EngineMemory): string {
  const words = WORDS[action] ?? action.replace(/^health_status:\s*/u, 'health check: ');
  const { exitCode, signal } = attributes;
  if (/^die/u.test(action) && exitCode !== undefined) return `${words} with status ${exitCode}`;
  if (action === 'kill' && signal !== undefined) return `${words}: ${SIGNALS[signal] ?? signal}`;
  return words;
}

function toneOf({ action, attributes }: EngineMemory): FleetEvent['tone'] {
  if (action === 'oom' || /unhealthy$/u.test(action)) return 'problem';
  if (/^die/u.test(action)) return Number(attributes.exitCode ?? 0) === 0 ? 'plain' : 'problem';
  return 'plain';
}

/** The events of one environment's engine, oldest first; `nameOf` gives the name of a container that is there. */
export function rememberedEvents(
  environmentId: number,
  past: readonly EngineMemory[],
  nameOf: (containerId: string) => string | undefined,
): readonly FleetEvent[] {
  const told: FleetEvent[] = [];
  /** How often the last row happened, and what it said once. */
  let times = 0;
  let once = '';
  for (const event of past) {
    if (DULL.test(event.action)) continue;
    const { containerId, atMs } = event;
    const text = wordsOf(event);
    const last = told.at(-1);
    const isAgain = last?.containerId === containerId && once === text;
    times = isAgain ? times + 1 : 1;
    once = text;
    const row: FleetEvent = {
      id: isAgain ? last.id : `engine-${environmentId}-${atMs}-${told.length}`,
      ...{ atMs, environmentId, containerId, tone: toneOf(event), source: 'engine' },
      name: event.attributes.name ?? nameOf(containerId) ?? containerId.slice(0, 12),
      text: times > 1 ? `${text}, ${times} times in a row` : text,
    };
    if (isAgain) told[told.length - 1] = row;
    else told.push(row);
  }
  return told;
}
