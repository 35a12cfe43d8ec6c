/**
 * What each call of the Docker Engine API does (its reference, versions 1.24 to 1.51), and of the agent's own paths behind
 * the same proxy. A path or method that stands in no row is known to nobody and refused to all but administrators.
 */
import type { Action } from './permission.ts';

export interface DockerCall {
  readonly methods: readonly string[];
  /** `{x}` stands for one segment, `{x...}` for one or more: names of images hold slashes. Without the version prefix. */
  readonly path: string;
  readonly action: Action;
}

const rows = (action: Action, methods: string, ...paths: string[]): DockerCall[] =>
  paths.map((path) => ({ methods: methods.split(' '), path, action }));

export const DOCKER_CALLS: readonly DockerCall[] = [
  ...rows('read', 'GET HEAD', '/_ping', '/info', '/version', '/events', '/system/df'),
  ...rows('read', 'GET', '/containers/json', '/containers/{id}/json', '/containers/{id}/changes'),
  ...rows('read', 'GET', '/images/json', '/images/{name...}/json', '/images/{name...}/history'),
  ...rows('read', 'GET', '/images/search', '/distribution/{name...}/json'),
  ...rows('read', 'GET', '/networks', '/networks/{id}', '/volumes', '/volumes/{name}'),
  ...rows('read', 'GET', '/services', '/services/{id}', '/tasks', '/tasks/{id}'),
  ...rows('read', 'GET', '/nodes', '/nodes/{id}', '/plugins', '/plugins/{name...}/json'),
  ...rows('read', 'GET', '/exec/{id}/json'),
  ...rows('read', 'POST', '/containers/{id}/wait'),
  ...rows('logs', 'GET', '/containers/{id}/logs', '/services/{id}/logs', '/tasks/{id}/logs'),
  ...rows('stats', 'GET', '/containers/{id}/stats', '/containers/{id}/top'),
  ...rows('lifecycle', 'POST', '/containers/{id}/start', '/containers/{id}/stop'),
  ...rows('lifecycle', 'POST', '/containers/{id}/restart', '/containers/{id}/kill'),
  ...rows('lifecycle', 'POST', '/containers/{id}/pause', '/containers/{id}/unpause'),
  ...rows('secrets', 'GET HEAD', '/containers/{id}/archive'),
  ...rows('secrets', 'GET', '/containers/{id}/export', '/images/{name...}/get', '/images/get'),
  ...rows('secrets', 'GET', '/secrets', '/secrets/{id}', '/configs', '/configs/{id}'),
  ...rows('exec', 'POST', '/containers/{id}/exec', '/exec/{id}/start', '/exec/{id}/resize'),
  ...rows('exec', 'POST', '/containers/{id}/attach', '/containers/{id}/resize'),
  ...rows('exec', 'GET', '/containers/{id}/attach/ws'),
  ...rows('change', 'PUT', '/containers/{id}/archive'),
  ...rows('change', 'POST', '/containers/{id}/rename', '/containers/{id}/update'),
  ...rows('change', 'POST', '/networks/{id}/connect', '/networks/{id}/disconnect'),
  ...rows('change', 'POST', '/images/{name...}/tag', '/services/{id}/update'),
  ...rows('create', 'POST', '/containers/create', '/networks/create', '/volumes/create'),
  ...rows('create', 'POST', '/images/create', '/images/load', '/commit', '/services/create'),
  ...rows('create', 'POST', '/secrets/create', '/configs/create'),
  ...rows('create', 'POST', '/secrets/{id}/update', '/configs/{id}/update'),
  ...rows('create', 'POST', '/images/{name...}/push', '/build/cancel', '/auth'),
  ...rows('destroy', 'DELETE', '/containers/{id}', '/images/{name...}', '/networks/{id}'),
  ...rows(
    'destroy',
    'DELETE',
    '/volumes/{name}',
    '/services/{id}',
    '/secrets/{id}',
    '/configs/{id}',
  ),
  ...rows('destroy', 'POST', '/containers/prune', '/images/prune', '/networks/prune'),
  ...rows('destroy', 'POST', '/volumes/prune', '/build/prune'),
  // A build runs any program with the network of the host, and may fetch from anywhere the host reaches.
  ...rows('host', 'POST', '/build', '/session', '/grpc'),
  ...rows('host', 'GET', '/swarm', '/swarm/unlockkey'),
  ...rows(
    'host',
    'POST',
    '/swarm/init',
    '/swarm/join',
    '/swarm/leave',
    '/swarm/update',
    '/swarm/unlock',
  ),
  ...rows('host', 'POST', '/nodes/{id}/update', '/volumes/{name}/update'),
  ...rows('host', 'PUT', '/volumes/{name}'),
  ...rows('host', 'DELETE', '/nodes/{id}'),
  ...rows('host', 'GET', '/plugins/privileges'),
  ...rows('host', 'POST', '/plugins/pull', '/plugins/create'),
  ...rows('host', 'POST', '/plugins/{name...}/enable', '/plugins/{name...}/disable'),
  ...rows(
    'host',
    'POST',
    '/plugins/{name...}/upgrade',
    '/plugins/{name...}/push',
    '/plugins/{name...}/set',
  ),
  ...rows('host', 'DELETE', '/plugins/{name...}'),
  // Portainer's agent (portainer-protocol.md A.7 to A.9): what lies on the host's disk.
  ...rows('read', 'GET', '/agents', '/v2/agents'),
  ...rows('host', 'GET', '/host/info', '/v2/host/info', '/browse/ls', '/browse/get'),
  ...rows('host', 'GET', '/v2/browse/ls', '/v2/browse/get'),
  ...rows('host', 'PUT', '/browse/rename', '/v2/browse/rename'),
  ...rows('host', 'POST', '/browse/put', '/v2/browse/put', '/v2/dockerhub', '/dockerhub'),
  ...rows('host', 'DELETE', '/browse/delete', '/v2/browse/delete'),
];

const VERSION = /^\/v\d+\.\d+(?=\/)/;

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replaceAll(/\{\w+(\\\.){3}\}/g, '[^/]+(?:/[^/]+)*')
    .replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`);
}

const COMPILED = DOCKER_CALLS.map((call) => ({ ...call, pattern: patternOf(call.path) }));
/** One with a literal in a place beats one that takes anything there: /images/get is no image. */
const BY_STRICTNESS = [...COMPILED].sort((a, b) => holes(a.path) - holes(b.path));

function holes(path: string): number {
  return path.split('{').length - 1;
}

/** A segment that means another place, or that two programs may read in two ways. */
const TRICKY = /(?:^|\/)\.{1,2}(?:\/|$)|\/\/|[\\%]|\p{Cc}/u;

/** The path of a call without its version: `/v1.45/info` is `/info`. */
export const withoutVersion = (path: string): string => path.replace(VERSION, '');

/**
 * What a call does. The path is the engine's without its query, decoded once; one that still holds `%`, `..` or `//` is
 * known to nobody, since the engine might read another path in it. Undefined for what stands in no row.
 */
export function actionOf(method: string, path: string): Action | undefined {
  if (TRICKY.test(path)) return undefined;
  const plain = withoutVersion(path);
  const found = BY_STRICTNESS.find(
    ({ methods, pattern }) => methods.includes(method) && pattern.test(plain),
  );
  return found?.action;
}
