/**
 * The agent's whole API as a pair of node:http listeners, whatever transport the requests came over. Nothing but public
 * routes is reached before the signature was checked.
 */
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { hasBody } from '../../docker/relay-headers.ts';
import { AGENT_LINK_PATH } from '../../link/dial.ts';
import { Fault } from '../../protocol/fault.ts';
import type { LinkedConnections } from '../link/linked-connections.ts';
import type { LinkPeer } from '../link/served-link.ts';
import type { Pairing } from '../pairing.ts';
import { answerEmpty, answerFault, answerNoRoute, faultOf } from './answers.ts';
import { browseRoutes } from './browse.ts';
import type { AgentParts, ApiCall, UpgradeSide } from './call.ts';
import { dockerHubRoute } from './docker-hub.ts';
import { passToEngine } from './docker-proxy.ts';
import { fleetRoutes } from './fleet.ts';
import { healthRoute, pingRoute } from './health.ts';
import { hostRoute } from './host-info.ts';
import { membersRoute } from './members.ts';
import { type ApiRoute, matchRoute, type RouteMatch } from './route-table.ts';
import { terminalRoutes } from './terminals.ts';

const ROUTES: readonly ApiRoute[] = [
  pingRoute,
  healthRoute,
  membersRoute,
  hostRoute,
  dockerHubRoute,
  ...browseRoutes,
  ...terminalRoutes,
  ...fleetRoutes,
];

export interface AgentApi {
  /** For 'request' and 'checkContinue'. */
  request(request: IncomingMessage, response: ServerResponse): void;
  /** For 'upgrade'. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Who may ask: whoever signs, and whoever sits at the other end of a link. */
export interface AgentAccess {
  /** Undefined where nothing listens: then there are links only. */
  readonly pairing?: Pairing;
  readonly links: LinkedConnections;
  /** Makes a link of an upgraded connection of the listener; its own proofs decide, not a signature. */
  readonly takeLink?: (request: IncomingMessage, upgrade: UpgradeSide) => Promise<void>;
}

/** The listeners never throw; a failure becomes an answer and, when it is ours, a line in the log. */
export function agentApi(parts: AgentParts, access: AgentAccess): AgentApi {
  const refusals = refusalLog(parts);
  const serve = async (
    request: IncomingMessage,
    response: ServerResponse,
    upgrade?: UpgradeSide,
  ): Promise<void> => {
    try {
      const { path, target, query } = splitTarget(request.url ?? '');
      const peer = access.links.peerOf(request.socket);
      // The server of a link dates what it passes on; Node would load ICU's time zones to write the header.
      if (peer) response.sendDate = false;
      if (!peer && upgrade && path === AGENT_LINK_PATH && access.takeLink) {
        await takeLink(request, response, upgrade, access.takeLink);
        return;
      }
      const match = visible(matchRoute(ROUTES, request.method ?? '', path), peer);
      const { shouldKeepAlive } = response;
      // Whoever has proved nothing gets an answer, but no connection to keep.
      if (!peer) response.shouldKeepAlive = false;
      const refusal = peer ? peer.refusal() : signatureRefusal(match, request, access);
      if (refusal) {
        refusals(addressOf(request), refusal);
        throw refusal;
      }
      if (!isPublic(match)) response.shouldKeepAlive = shouldKeepAlive;
      const params = match.kind === 'route' ? match.params : {};
      await run(match, { request, response, target, query, params, upgrade, peer }, parts);
    } catch (error) {
      const { fault, isExpected } = faultOf(error);
      if (!isExpected) logFailure(parts, request, error);
      answerFault(response, fault);
    }
  };
  return {
    request: (request, response) => void serve(request, response),
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      void serve(request, answerOn(request, socket), { socket, head });
    },
  };
}

/** The connection is a WebSocket's from here on, whatever becomes of it. */
async function takeLink(
  request: IncomingMessage,
  response: ServerResponse,
  upgrade: UpgradeSide,
  take: NonNullable<AgentAccess['takeLink']>,
): Promise<void> {
  response.detachSocket(upgrade.socket as never);
  await take(request, upgrade);
}

/** What only links may ask for does not exist for others. */
function visible(match: RouteMatch, peer: LinkPeer | undefined): RouteMatch {
  if (peer) return match;
  const isOfLinks = (route: ApiRoute) => route.access === 'link';
  if (match.kind === 'route' && isOfLinks(match.route)) return { kind: 'unknown' };
  if (match.kind === 'method' && match.allowed.some(isOfLinks)) return { kind: 'unknown' };
  return match;
}

function signatureRefusal(
  match: RouteMatch,
  request: IncomingMessage,
  { pairing }: AgentAccess,
): Fault | undefined {
  if (isPublic(match)) return undefined;
  if (pairing) return pairing.refusal(request.headers, addressOf(request));
  return new Fault('forbidden', 'This agent takes requests over its link only');
}

async function run(match: RouteMatch, call: ApiCall, parts: AgentParts): Promise<void> {
  const { request, response } = call;
  if (match.kind === 'engine') {
    if (!call.upgrade && expectsContinue(request)) response.writeContinue();
    await passToEngine(call, parts);
    return;
  }
  if (match.kind === 'unknown') {
    answerNoRoute(response);
    return;
  }
  if (match.kind === 'method') {
    response.setHeader('Allow', match.allowed.map(({ method }) => method).join(', '));
    answerEmpty(response, 405);
    return;
  }
  if (match.route.body === 'none' && hasBody(request)) {
    throw new Fault('bad-request', 'This route takes no body.');
  }
  if (call.upgrade && !match.route.path.startsWith('/websocket/')) {
    throw new Fault('bad-request', 'This route does not switch protocols.');
  }
  if (match.route.body !== 'none' && expectsContinue(request)) response.writeContinue();
  await match.route.answer(call, parts);
}

/** Of a path that exists with other methods only, whoever may use one of them may learn of it. */
function isPublic(match: RouteMatch): boolean {
  if (match.kind === 'route') return match.route.access === 'public';
  return match.kind === 'method' && match.allowed.some(({ access }) => access === 'public');
}

/** Whether the client waits for 100 before it sends its body. */
function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === '100-continue';
}

function splitTarget(target: string) {
  if (!target.startsWith('/')) {
    throw new Fault('bad-request', 'The request must name a path that starts with a slash.');
  }
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { target, path, query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)) };
}

/** A response for a connection that node:http has let go of; after an answer the connection ends. */
function answerOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Declared for network sockets; it only ever writes to it.
  response.assignSocket(socket as never);
  response.once('finish', () => {
    socket.end(() => socket.destroy());
  });
  return response;
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'link';
}

const REFUSAL_LOG_MS = 10_000;

/** Refusals in the log, at most one line in ten seconds: who asks in a loop must not fill a disk. */
function refusalLog({ log }: AgentParts): (from: string, refusal: Fault) => void {
  let quietUntil = 0;
  let unsaid = 0;
  return (from, refusal) => {
    unsaid += 1;
    if (performance.now() < quietUntil) return;
    log.warn(`Refused a request: ${refusal.message}.`, { from, times: unsaid });
    quietUntil = performance.now() + REFUSAL_LOG_MS;
    unsaid = 0;
  };
}

function logFailure({ log }: AgentParts, request: IncomingMessage, error: unknown): void {
  const path = (request.url ?? '').split('?', 1)[0];
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('A request failed.', { method: request.method, path, cause });
}
