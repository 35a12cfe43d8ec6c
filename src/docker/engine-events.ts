/** The engine's event stream as EngineEvents; the engine itself filters away exec noise, and so do we. */
import type Docker from 'dockerode';
import type { EngineEvent } from './engine.ts';
import { isLoose, type Loose, looseObject, looseStrings, looseText } from './loose.ts';

/**
 * Docker's and Podman's names of the events that change a row of GET /containers/json. Docker matches these by prefix
 * ("health_status: healthy"); none is a prefix of an exec event.
 */
const WANTED = [
  ...['create', 'start', 'die', 'died', 'stop', 'restart', 'pause', 'unpause', 'rename'],
  ...['destroy', 'remove', 'update', 'oom', 'health_status', 'cleanup', 'init'],
  ...['connect', 'disconnect'],
];

/** A line longer than this is no event. */
const LINE_LIMIT = 1 << 20;

export interface EventFilter {
  /** Only events of this container. */
  readonly containerId?: string;
}

/** Query of GET /events for container life and for containers joining and leaving networks. */
export function eventQuery(filter: EventFilter): Docker.GetEventsOptions {
  return {
    filters: {
      type: ['container', 'network'],
      event: WANTED,
      ...(filter.containerId === undefined ? {} : { container: [filter.containerId] }),
    },
  };
}

/** The events in `stream` (one JSON object a line); skips what is not about a container; ends with the stream. */
export async function* readEvents(stream: AsyncIterable<Buffer>): AsyncGenerator<EngineEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LIMIT) rest = '';
    for (const line of lines) {
      const event = parseEvent(line);
      if (event) yield event;
    }
  }
}

function parseEvent(line: string): EngineEvent | undefined {
  const message = parseObject(line);
  if (!message) return undefined;
  const actor = looseObject(message.Actor);
  const attributes = looseStrings(actor.Attributes);
  const containerId = message.Type === 'network' ? attributes.container : looseText(actor.ID);
  const action = looseText(message.Action) || looseText(message.status);
  if (!containerId || action === '' || action.startsWith('exec')) return undefined;
  return { containerId, action, atMs: timeOf(message), attributes };
}

function timeOf(message: Loose): number {
  // Nanoseconds exceed 2^53 by a factor of 200; the error of the rounding is below a microsecond.
  if (typeof message.timeNano === 'number') return Math.floor(message.timeNano / 1e6);
  return typeof message.time === 'number' ? message.time * 1000 : 0;
}

function parseObject(line: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLoose(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
