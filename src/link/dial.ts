/** Dials the byte stream of a link: straight where TLS reaches from end to end, else as a WebSocket. */
import { asFault } from '../protocol/fault.ts';
import { monotonicMs } from '../protocol/monotonic.ts';
import type { DialOptions } from './dial-attempt.ts';
import { dialStraight, NotStraight } from './dial-straight.ts';
import type { LinkPipe } from './link.ts';

/** Where a server takes links from edge agents. */
export const EDGE_LINK_PATH = '/api/edge/link';
/** Where a direct agent takes links from servers and consoles. */
export const AGENT_LINK_PATH = '/fleet/link';
/** How agents without links (Portainer's, and ours of older versions) answer the request for one. */
export const NO_LINK_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 426, 501]);

/** After this a way that was not straight is tried again: proxies come and go. */
const BENT_FOR_MS = 3_600_000;

/** Addresses to which only WebSockets led, and until when that is believed. */
const bentUntilMs = new Map<string, number>();

/** A Fault names the step that failed. */
export async function dialLink(options: DialOptions, signal: AbortSignal): Promise<LinkPipe> {
  const { protocol, origin } = new URL(options.url);
  const isBent = (bentUntilMs.get(origin) ?? 0) > monotonicMs();
  if (!isBent) bentUntilMs.delete(origin);
  if (protocol === 'https:' && !isBent) {
    try {
      return await dialStraight(options, signal);
    } catch (thrown) {
      if (!(thrown instanceof NotStraight)) throw thrown;
      bentUntilMs.set(origin, monotonicMs() + BENT_FOR_MS);
      if (thrown.isTimeOver) throw thrown.fault;
    }
  }
  try {
    // Loaded only where it is needed: most agents go without.
    const { dialWebsocket } = await import('./dial-websocket.ts');
    const { websocketPipe } = await import('./websocket-pipe.ts');
    return websocketPipe(await dialWebsocket(options, signal));
  } catch (thrown) {
    // Then it was no matter of the way.
    bentUntilMs.delete(origin);
    throw asFault(thrown, 'internal', 'Dialling failed.');
  }
}
