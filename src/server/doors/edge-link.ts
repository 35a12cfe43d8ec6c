/**
 * GET /api/edge/link: where edge agents dial in. Open to everybody, since an agent proves itself inside the link;
 * so what a stranger can cost is bounded here: handshakes a second and at once, bytes a message, seconds a handshake.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { EDGE_LINK_PATH } from '../../link/dial.ts';
import type { LinkPipe } from '../../link/link.ts';
import { LinkAcceptor } from '../../link/link-acceptor.ts';
import { linkWayOf } from '../../link/straight.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { SERVER_KEY_HEADER } from '../../protocol/link-api.ts';
import type { Welcome } from '../fleet/link-reception.ts';
import { type Answer, sendRawAnswer } from './answer.ts';
import { HandshakeLine, type Turn } from './handshake-line.ts';
import type { Services } from './services.ts';
import type { OpenUpgradeRoute } from './upgrade-route.ts';

const LIMITS = { perSecond: 80, atOnce: 40, patienceMs: 6_000 } as const;

/** `stopping` refuses new links. */
export function edgeLinkRoute(services: Services, stopping: AbortSignal): OpenUpgradeRoute {
  const line = new HandshakeLine(LIMITS);
  stopping.addEventListener('abort', () => line.close(), { once: true });
  const acceptor = new LinkAcceptor();
  return {
    path: EDGE_LINK_PATH,
    async handle({ request, socket, head }) {
      const way = linkWayOf(request);
      if (way === 'none') throw new Fault('bad-request', 'This address takes links only.');
      // Who must come another way need not wait for it.
      const turn = way === 'bent' ? undefined : await turnOf(line, socket);
      if (typeof turn === 'number') {
        sendRawAnswer(socket, comeLater(turn));
        return;
      }
      if (turn) socket.once('close', turn.done);
      const address = request.socket.remoteAddress ?? '';
      services.log.debug({ address, way }, 'a link begins');
      const pipe = await acceptor.take(request, socket, head, way);
      if (pipe === undefined) return;
      const key = services.links.keys.acceptedBy(acceptedKeys(request));
      const isLinked = await welcome(services, pipe, { address, key });
      turn?.done();
      if (isLinked) services.connections.prove(request.socket);
    },
  };
}

/** Whoever hangs up while waiting, or speaks before it is asked, loses its place. */
async function turnOf(line: HandshakeLine, socket: Duplex): Promise<Turn | number> {
  const gone = new AbortController();
  const leave = () => {
    gone.abort();
    socket.destroy();
  };
  const ways = ['data', 'end', 'close'] as const;
  for (const way of ways) socket.on(way, leave);
  try {
    return await line.enter(gone.signal);
  } finally {
    for (const way of ways) socket.off(way, leave);
  }
}

/** The keys of ours that the agent says it accepts; none for one that doesn't say. */
function acceptedKeys({ headers }: IncomingMessage): string[] {
  const said = headers[SERVER_KEY_HEADER.toLowerCase()];
  return typeof said === 'string' ? said.split(',').slice(0, 4) : [];
}

/** Resolves with whether the link stands. */
async function welcome(
  services: Services,
  pipe: LinkPipe,
  { address, key }: Pick<Welcome, 'address' | 'key'>,
): Promise<boolean> {
  const { log } = services;
  const { reception, enrolment } = services.links;
  // The link tells of a break in its own way; without a listener the break would be an uncaught error.
  pipe.on('error', () => undefined);
  try {
    const judge = enrolment.judgeEdge.bind(enrolment);
    const wish = { address, key, provesSecret: false, judge };
    const { agent, hello } = await reception.receive(pipe, wish);
    services.links.plugIn(hello.environmentId, agent);
    return true;
  } catch (thrown) {
    pipe.destroy();
    const fault = asFault(thrown, 'internal', 'A link could not be taken.');
    if (thrown instanceof Fault) log.debug({ address, code: fault.code }, fault.message);
    else log.error({ err: thrown, address }, fault.message);
    return false;
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
