/**
 * The console's feed over a WebSocket: the live model's messages as JSON, one per text frame, server to console only; a large
 * snapshot in parts, for whoever takes them.
 * A console that falls behind is cut and starts again from a snapshot, so it never grows the server's memory.
 */
import { WebSocketServer } from 'ws';
import type { FeedMessage, FeedSnapshot } from '../../protocol/feed.ts';
import { FEED_PARTS_HEADER, FEED_PATH } from '../../protocol/feed-pace.ts';
import { partsOf } from '../../protocol/feed-parts.ts';
import { feedViewOf } from '../fleet/feed-view.ts';
import { FeedOutbox } from './feed-outbox.ts';
import { closeFirmly, keepAlive } from './live-socket.ts';
import type { Services } from './services.ts';
import type { UpgradeExchange, UpgradeRoute } from './upgrade-route.ts';

const PING_INTERVAL_MS = 15_000;
const MAX_UNSENT_BYTES = 8 << 20;

const TOO_SLOW = 4008;
const SIGNED_OUT = 4001;
const GOING_AWAY = 1001;

/** GET /api/fleet/feed. `stopping` closes all feeds. */
export function feedRoute(services: Services, stopping: AbortSignal): UpgradeRoute {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 64 << 10,
  });
  const texts = new WeakMap<FeedMessage, string>();
  /** Serialised once, however many consoles listen. */
  const textOf = (message: FeedMessage): string => {
    const known = texts.get(message) ?? JSON.stringify(message);
    texts.set(message, known);
    return known;
  };
  return {
    path: FEED_PATH,
    async handle({ request, socket, head, grant }: UpgradeExchange) {
      server.handleUpgrade(request, socket, head, (console_) => {
        const hold = services.heldGrants.hold(grant);
        hold.signal.addEventListener('abort', () =>
          closeFirmly(console_, SIGNED_OUT, 'signed out'),
        );
        const stop = (): void => closeFirmly(console_, GOING_AWAY, 'server stops');
        stopping.addEventListener('abort', stop);
        keepAlive(console_, PING_INTERVAL_MS);
        const view = feedViewOf(grant, services);
        const outbox = new FeedOutbox(console_, MAX_UNSENT_BYTES, () =>
          closeFirmly(console_, TOO_SLOW, 'too slow'),
        );
        const inParts = request.headers[FEED_PARTS_HEADER] !== undefined;
        const end = services.model.subscribe((message) => {
          const told = view(message);
          if (inParts && told.kind === 'snapshot') outbox.tellAll(partTexts(told));
          else outbox.tell(textOf(told));
        });
        console_.on('error', () => console_.terminate());
        console_.once('close', () => {
          end();
          hold[Symbol.dispose]();
          stopping.removeEventListener('abort', stop);
        });
      });
    },
  };
}

function* partTexts(snapshot: FeedSnapshot): Generator<string> {
  for (const part of partsOf(snapshot)) yield JSON.stringify(part);
}
