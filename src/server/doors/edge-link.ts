/**
 * GET /api/edge/link: where edge agents dial in (WebSocket). Open to everybody, since an agent proves itself inside the link;
 * so what a stranger can cost is bounded here: handshakes a second, bytes a message, seconds a handshake.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { EDGE_LINK_PATH, LINK_MESSAGE_LIMIT_BYTES } from '../../link/dial.ts';
import { websocketPipe } from '../../link/websocket-pipe.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { type Answer, sendRawAnswer } from './answer.ts';
import { HandshakeBudget } from './handshake-budget.ts';
import type { Services } from './services.ts';
import type { OpenUpgradeRoute } from './upgrade-route.ts';

const HANDSHAKES_PER_S = 80;

/** `stopping` refuses new links. */
export function edgeLinkRoute(services: Services, stopping: AbortSignal): OpenUpgradeRoute {
  const budget = new HandshakeBudget(HANDSHAKES_PER_S);
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LINK_MESSAGE_LIMIT_BYTES,
  });
  return {
    path: EDGE_LINK_PATH,
    async handle({ request, socket, head }) {
      const waitS = stopping.aborted ? 1 : budget.take();
      if (waitS !== undefined) {
        sendRawAnswer(socket, comeLater(waitS));
        return;
      }
      if (!isWebsocket(request))
        throw new Fault('bad-request', 'This address speaks WebSocket only.');
      const address = request.socket.remoteAddress ?? '';
      services.log.debug({ address }, 'a link begins');
      server.handleUpgrade(request, socket, head, (dialled) => {
        void welcome(services, websocketPipe(dialled), address);
      });
    },
  };
}

async function welcome(services: Services, pipe: Duplex, address: string): Promise<void> {
  const { log } = services;
  const { reception, enrolment } = services.links;
  // The link tells of a break in its own way; without a listener the break would be an uncaught error.
  pipe.on('error', () => undefined);
  try {
    const judge = enrolment.judgeEdge.bind(enrolment);
    const { agent, hello } = await reception.receive(pipe, { address, provesSecret: false, judge });
    services.links.plugIn(hello.environmentId, agent);
  } catch (thrown) {
    pipe.destroy();
    const fault = asFault(thrown, 'internal', 'A link could not be taken.');
    if (thrown instanceof Fault) log.debug({ address, code: fault.code }, fault.message);
    else log.error({ err: thrown, address }, fault.message);
  }
}

const comeLater = (waitS: number): Answer => ({
  status: 503,
  body: {
    message: 'Many agents are coming back at the same time.',
    details: `Dial again in ${waitS} s.`,
  },
  headers: { 'Retry-After': String(waitS) },
});

function isWebsocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}
