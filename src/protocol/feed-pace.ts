/** How a feed is carried and how long it may be silent; apart from its schemas, which are slow to load. */
import type { FeedMessage } from './feed.ts';

/** A sender beats this often, busy or not, since only beats tell the age of quiet environments; a reader may call a feed lost after three. */
export const BEAT_INTERVAL_MS = 5_000;

/** Path of the console's feed on a fleet-server: a WebSocket, one JSON FeedMessage per text frame, server to console only. */
export const FEED_PATH = '/api/fleet/feed';

/** A header by which a console says that it takes a snapshot in parts (feed-parts.ts). */
export const FEED_PARTS_HEADER = 'x-fleet-feed-parts';

/** Whether a message is the beginning of a snapshot whose rest is still to come. */
export function isBeginning(message: FeedMessage): boolean {
  return message.kind === 'snapshot' && message.left !== undefined;
}
