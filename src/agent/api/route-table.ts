/**
 * Every route of the agent's own API in one list. A route says itself whether it is public, so that none is left
 * unsigned by forgetting; what no line of this list claims belongs to the engine, and is signed.
 */
import type { AgentParts, ApiCall } from './call.ts';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path without an API generation; {name} stands for one segment. */
  readonly path: string;
  /** Where it exists: '' bare, 'v1' and 'v2' under these prefixes (Portainer agent protocol, API generations). */
  readonly generations: readonly ('' | 'v1' | 'v2')[];
  /** `link`: there for requests that came over a link only. */
  readonly access: 'public' | 'signed' | 'link';
  /** Without one, a request that brings a body is refused. */
  readonly body: 'none' | 'json' | 'multipart';
  answer(call: ApiCall, parts: AgentParts): Promise<void> | void;
}

export type RouteMatch =
  | {
      readonly kind: 'route';
      readonly route: ApiRoute;
      readonly params: Readonly<Record<string, string>>;
    }
  /** The path exists, with other methods only. */
  | { readonly kind: 'method'; readonly allowed: readonly ApiRoute[] }
  /** A path of the agent's own that does not exist. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'engine' };

/** First segments that never reach the engine, by generation. */
const OWN_SEGMENTS: Readonly<Record<string, readonly string[]>> = {
  '': ['fleet', 'ping', 'health', 'agents', 'host', 'browse', 'websocket', 'kubernetes'],
  v1: ['agents', 'host', 'browse', 'websocket'],
  v2: ['ping', 'agents', 'dockerhub', 'host', 'browse', 'websocket', 'kubernetes'],
};

/** A Docker API version in front of a path, which agents ignore when they look for their own routes. */
const DOCKER_VERSION = /^\/v\d+\.\d+(?=\/)/;

/** Who answers this method and path; the path is without its query. */
export function matchRoute(
  routes: readonly ApiRoute[],
  method: string,
  fullPath: string,
): RouteMatch {
  const path = fullPath.replace(DOCKER_VERSION, '');
  const segments = path.split('/').slice(1);
  const [first = ''] = segments;
  const generation = first === 'v1' || first === 'v2' ? first : '';
  const rest = generation === '' ? segments : segments.slice(1);
  if (!OWN_SEGMENTS[generation]?.includes(rest[0] ?? '')) return { kind: 'engine' };
  const here = routes
    .filter((route) => route.generations.includes(generation))
    .map((route) => ({ route, params: paramsOf(route.path, rest) }))
    .filter((match) => match.params !== undefined);
  const found = here.find(({ route }) => route.method === method);
  if (found) return { kind: 'route', route: found.route, params: found.params ?? {} };
  if (here.length > 0) return { kind: 'method', allowed: here.map(({ route }) => route) };
  return { kind: 'unknown' };
}

function paramsOf(
  pattern: string,
  segments: readonly string[],
): Record<string, string> | undefined {
  const wanted = pattern.split('/').slice(1);
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(want)?.[1];
    if (name !== undefined) params[name] = decoded(segment);
    else if (want !== segment) return undefined;
  }
  return params;
}

/** A broken escape stays as it is written; no name of ours matches it. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
