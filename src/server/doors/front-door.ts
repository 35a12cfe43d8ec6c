/**
 * Every request comes in here: its path is judged, its sender recognised, its route found, its answer sent.
 * Three kinds of paths: REST routes from the table, the Docker proxy, and paths that switch protocols.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Fault } from '../../protocol/fault.ts';
import { type Grant, isAdministrator } from '../fleet/grant.ts';
import {
  type Answer,
  answerOf,
  NO_SUCH_METHOD,
  NO_SUCH_PATH,
  sendAnswer,
  sendRawAnswer,
} from './answer.ts';
import { notedAction, notedAround, notedOnce } from './audit-trail.ts';
import { authenticate, isByCookie } from './credential.ts';
import { CSRF_HEADER, checkNotForeign, checkUpgradeOrigin } from './cross-site.ts';
import { type ProxyCall, proxyRequest, proxyUpgrade, readProxyCall } from './docker-proxy.ts';
import { type RequestTarget, readTarget } from './request-target.ts';
import type { Exchange, RouteFinder, SignedInRoute } from './route-table.ts';
import type { Services } from './services.ts';
import type { OpenUpgradeRoute, UpgradeExchange, UpgradeRoute } from './upgrade-route.ts';

/** Open even when nobody became administrator in time: these say what the server is. */
const ALWAYS_OPEN = new Set(['/api/status', '/api/settings/public', '/api/fleet/about']);

export interface FrontDoorParts {
  readonly services: Services;
  readonly findRoute: RouteFinder;
  readonly upgrades: readonly UpgradeRoute[];
  readonly openUpgrades: readonly OpenUpgradeRoute[];
}

/** The handlers of an HTTP server's events. */
export class FrontDoor {
  readonly #services: Services;
  readonly #findRoute: RouteFinder;
  readonly #upgrades: ReadonlyMap<string, UpgradeRoute>;
  readonly #openUpgrades: ReadonlyMap<string, OpenUpgradeRoute>;

  constructor(parts: FrontDoorParts) {
    this.#services = parts.services;
    this.#findRoute = parts.findRoute;
    this.#upgrades = new Map(parts.upgrades.map((route) => [route.path, route]));
    this.#openUpgrades = new Map(parts.openUpgrades.map((route) => [route.path, route]));
  }

  /** Answers a request; never rejects. */
  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startMs = performance.now();
    response.on('error', () => response.destroy());
    try {
      const target = readTarget(request.url ?? '/');
      response.once('close', () => this.#logAccess(request, target, response.statusCode, startMs));
      await this.#checkOpen(target);
      const call = readProxyCall(target.path);
      if (call === undefined)
        sendAnswer(request, response, await this.#rest(request, response, target));
      else await this.#proxy(request, response, target, call);
    } catch (thrown) {
      this.#logFailure(request, thrown);
      sendAnswer(request, response, answerOf(thrown));
    }
  }

  /** Answers a request to switch protocols; never rejects. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const target = readTarget(request.url ?? '/');
      await this.#checkOpen(target);
      const open = this.#openUpgrades.get(target.path);
      if (open !== undefined) return await open.handle({ request, socket, head, target });
      const call = readProxyCall(target.path);
      const route = this.#upgrades.get(target.path);
      if (call === undefined && route === undefined) {
        sendRawAnswer(socket, NO_SUCH_PATH);
        return;
      }
      checkUpgradeOrigin(request, isByCookie(request, target.query));
      const grant = await this.#known(request, target, socket);
      await this.#pass({ request, socket, head, target, grant }, call, route);
    } catch (thrown) {
      this.#logFailure(request, thrown);
      sendRawAnswer(socket, answerOf(thrown));
    }
  }

  async #pass(
    exchange: UpgradeExchange,
    call: ProxyCall | undefined,
    route: UpgradeRoute | undefined,
  ): Promise<void> {
    const { request, target, grant } = exchange;
    const pass = async (): Promise<null> => {
      if (call !== undefined) await proxyUpgrade(this.#services, exchange, call);
      else await route?.handle(exchange);
      return null;
    };
    const shell = route?.isShell ? 'exec' : undefined;
    const action = call ? notedAction(request.method ?? 'GET', call) : shell;
    if (action === undefined) return void (await pass());
    const environmentId = Number(target.query.get('endpointId'));
    const noted = { request, path: target.path, grant, ...(!call && { environmentId }) };
    await notedAround(this.#services.audit, noted, action, pass);
  }

  async #checkOpen(target: RequestTarget): Promise<void> {
    if (!ALWAYS_OPEN.has(target.path)) await this.#services.adminDeadline.check();
  }

  async #proxy(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    call: ProxyCall,
  ): Promise<void> {
    const grant = await this.#recognise(request, response, target);
    const pass = async (): Promise<number> => {
      await proxyRequest(this.#services, { request, response, target, grant, call });
      return response.statusCode;
    };
    const action = notedAction(request.method ?? 'GET', call);
    const noted = { request, path: target.path, grant };
    if (action === undefined) await pass();
    else await notedAround(this.#services.audit, noted, action, pass);
  }

  async #rest(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
  ): Promise<Answer> {
    const found = this.#findRoute(request.method ?? 'GET', target.path);
    if (found === undefined) return this.#withoutRoute(target);
    if (found.route === undefined) return NO_SUCH_METHOD;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { route } = found;
    const isSafe = route.method === 'GET';
    if (route.access === 'public' && !isSafe) checkNotForeign(request);
    const exchange = {
      request,
      query: target.query,
      params: found.params,
      address: request.socket.remoteAddress ?? '',
      signal: gone.signal,
    };
    if (route.access === 'public') return route.handle(exchange);
    return this.#run(route, {
      ...exchange,
      grant: await this.#recognise(request, response, target),
    });
  }

  /** Whose request it is; a browser is given the token for its next change. */
  async #recognise(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
  ): Promise<Grant> {
    const grant = await this.#known(request, target, response);
    if (isByCookie(request, target.query)) {
      response.setHeader(CSRF_HEADER, this.#services.csrf.issue(grant.credentialId));
    }
    return grant;
  }

  /** The grant behind a request, which counts as open until `exchange` is closed. */
  async #known(
    request: IncomingMessage,
    { query, path }: RequestTarget,
    exchange: ServerResponse | Duplex,
  ): Promise<Grant> {
    const grant = await authenticate(request, query, this.#services);
    await this.#services.factorPolicy.check(grant, path);
    this.#services.connections.prove(request.socket);
    const call = this.#services.openCalls.enter(grant.user.id);
    if (exchange.destroyed) call[Symbol.dispose]();
    else exchange.once('close', () => call[Symbol.dispose]());
    return grant;
  }

  async #run(route: SignedInRoute, exchange: Exchange): Promise<Answer> {
    const { grant } = exchange;
    const handle = async (): Promise<Answer> => {
      if (route.access === 'administrator' && !isAdministrator(grant)) {
        throw new Fault('forbidden', 'Access denied', { details: 'Access denied to resource' });
      }
      return await route.handle(exchange);
    };
    if (route.method === 'GET') return handle();
    const [path = ''] = (exchange.request.url ?? '').split('?', 1);
    return notedOnce(
      this.#services.audit,
      { request: exchange.request, path, grant },
      'manage',
      handle,
    );
  }

  #withoutRoute(target: RequestTarget): Answer {
    const isKnown = this.#upgrades.has(target.path) || this.#openUpgrades.has(target.path);
    if (!isKnown) return NO_SUCH_PATH;
    const body = { message: 'Upgrade required', details: 'This address speaks WebSocket only.' };
    return { status: 426, body, headers: { Upgrade: 'websocket' } };
  }

  #logAccess(
    request: IncomingMessage,
    target: RequestTarget,
    status: number,
    startMs: number,
  ): void {
    const { method } = request;
    const ms = Math.round(performance.now() - startMs);
    this.#services.log.debug({ method, path: target.path, status, ms }, 'request');
  }

  #logFailure(request: IncomingMessage, thrown: unknown): void {
    if (thrown instanceof Fault && thrown.status < 500) return;
    const [path] = (request.url ?? '').split('?', 1);
    this.#services.log.error({ method: request.method, path, err: thrown }, 'request failed');
  }
}
