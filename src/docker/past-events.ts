/** What an engine still remembers of a container's life (GET /events with an end): Docker keeps its last 256 events. */
import type Docker from 'dockerode';
import type { EngineEvent } from './engine.ts';
import { eventQuery, readEvents } from './engine-events.ts';

/** The past comes at once and without a mark at its end: after so long a silence it is taken to be over. */
const SILENCE_MS = 400;
const DEADLINE_MS = 2_000;
/** The engine's clock may be ahead of ours. */
const AHEAD_S = 60;
const KEPT = 64;
const KEPT_OF_ALL = 256;

/** The last events of a container or of all, oldest first; rejects with dockerode's own errors. */
export async function pastEvents(
  docker: Docker,
  containerId: string | undefined,
  signal: AbortSignal,
): Promise<readonly EngineEvent[]> {
  const silence = new AbortController();
  const over = AbortSignal.any([silence.signal, AbortSignal.timeout(DEADLINE_MS)]);
  let timer: NodeJS.Timeout | undefined;
  const events: EngineEvent[] = [];
  try {
    const stream = (await docker.getEvents({
      ...eventQuery(containerId === undefined ? {} : { containerId }),
      since: 1,
      until: Math.floor(Date.now() / 1000) + AHEAD_S,
      abortSignal: AbortSignal.any([signal, over]),
    })) as unknown as AsyncIterable<Buffer>;
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
    for await (const event of readEvents(stream)) {
      timer.refresh();
      events.push(event);
      if (events.length > (containerId === undefined ? KEPT_OF_ALL : KEPT)) events.shift();
    }
  } catch (thrown) {
    if (signal.aborted || !over.aborted) throw thrown;
  } finally {
    clearTimeout(timer);
  }
  return events;
}
