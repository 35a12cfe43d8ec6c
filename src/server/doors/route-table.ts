/**
 * The table of REST routes. A route says who may use it; one that says nothing needs a sign-in,
 * so nothing is open because somebody forgot a check.
 */
import type { IncomingMessage } from 'node:http';
import findMyWay from 'find-my-way';
import { Fault } from '../../protocol/fault.ts';
import type { Grant } from '../fleet/grant.ts';
import type { Answer } from './answer.ts';

export interface PublicExchange {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string | undefined>>;
  /** The client's IP address. */
  readonly address: string;
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
}

export interface Exchange extends PublicExchange {
  readonly grant: Grant;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Address {
  readonly method: Method;
  readonly path: string;
}

interface PublicRoute extends Address {
  readonly access: 'public';
  handle(exchange: PublicExchange): Promise<Answer>;
}

export interface SignedInRoute extends Address {
  readonly access: 'signed-in' | 'administrator';
  handle(exchange: Exchange): Promise<Answer>;
}

export type Route = PublicRoute | SignedInRoute;

/** A route for everybody. */
export function publicRoute(
  method: Method,
  path: string,
  handle: (exchange: PublicExchange) => Promise<Answer>,
): Route {
  return { method, path, access: 'public', handle };
}

/** A route for those who have signed in, or for administrators only. */
export function route(
  method: Method,
  path: string,
  handle: (exchange: Exchange) => Promise<Answer>,
  access: 'signed-in' | 'administrator' = 'signed-in',
): Route {
  return { method, path, access, handle };
}

export interface FoundRoute {
  /** Undefined when the path exists, but not with this method. */
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string | undefined>>;
}

/** Finds the route of a method and path; undefined when no route has that path. */
export type RouteFinder = (method: string, path: string) => FoundRoute | undefined;

/** Puts routes into one tree. Each path stands in it once, with its methods beside it. */
export function routeFinder(routes: readonly Route[]): RouteFinder {
  const byPath = new Map<string, Map<string, Route>>();
  for (const entry of routes) {
    const methods = byPath.get(entry.path) ?? new Map<string, Route>();
    methods.set(entry.method, entry);
    byPath.set(entry.path, methods);
  }
  const tree = findMyWay({ ignoreTrailingSlash: true });
  for (const [path, methods] of byPath) tree.on('GET', path, () => undefined, methods);
  return (method, path) => {
    const found = tree.find('GET', path);
    if (found === null) return undefined;
    return { route: (found.store as Map<string, Route>).get(method), params: found.params };
  };
}

/** A numeric path parameter; Fault bad-request saying which. */
export function idOf(exchange: PublicExchange, what: string, name = 'id'): number {
  const text = exchange.params[name] ?? '';
  const id = Number(text);
  if (/^\d{1,15}$/.test(text) && id > 0) return id;
  throw new Fault('bad-request', `Invalid ${what} identifier route parameter`, {
    details: 'The identifier is a positive whole number.',
  });
}
