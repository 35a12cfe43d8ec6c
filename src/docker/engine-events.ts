/** The engine's event stream as EngineEvents; the engine itself filters away exec noise, and so do we. */
import type Docker from 'dockerode';
import type { EngineEvent } from './engine.ts';

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
  const actor = asObject(message?.Actor);
  if (!message || !actor) return undefined;
  const attributes = stringsOf(asObject(actor.Attributes));
  const containerId = message.Type === 'network' ? attributes.container : actor.ID;
  const action = message.Action ?? message.status;
  if (typeof containerId !== 'string' || containerId === '') return undefined;
  if (typeof action !== 'string' || action.startsWith('exec')) return undefined;
  return { containerId, action, atMs: timeOf(message), attributes };
}

function timeOf(message: Readonly<Record<string, unknown>>): number {
  // Nanoseconds exceed 2^53 by a factor of 200; the error of the rounding is below a microsecond.
  if (typeof message.timeNano === 'number') return Math.floor(message.timeNano / 1e6);
  return typeof message.time === 'number' ? message.time * 1000 : 0;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}

function stringsOf(object: Record<string, unknown> | undefined): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, value] of Object.entries(object ?? {})) strings[key] = String(value);
  return strings;
}
