/**
 * Headers of a message that passes through us, as flat name/value lists: duplicates must survive (BuildKit sends one
 * name many times), what belongs to one connection only must not (RFC 9110, section 7.6.1).
 */
import type { IncomingMessage } from 'node:http';

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Set anew for the next hop; `expect` was answered by our own server already. */
const OURS = ['host', 'expect', 'content-length'];

const WITH_BODY_BY_DEFAULT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export interface HeaderChanges {
  /** Names, in lower case, that must not reach the engine. */
  readonly drop?: readonly string[];
  /** Set last; each replaces what the client sent under its name. */
  readonly set: Readonly<Record<string, string>>;
}

/** The request's headers for the engine, without its framing. */
export function requestHeaders(request: IncomingMessage, changes: HeaderChanges): string[] {
  const dropped = [...(changes.drop ?? []), ...Object.keys(changes.set)];
  const kept = endToEnd(request, [...OURS, ...dropped.map((name) => name.toLowerCase())]);
  for (const [name, value] of Object.entries(changes.set)) kept.push(name, value);
  return kept;
}

/** How the request's body is delimited, as headers: chunked, a length, or nothing for a method without a body. */
export function framingOf(request: IncomingMessage): string[] {
  if (request.headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  const length = request.headers['content-length'];
  if (length !== undefined) return ['Content-Length', length];
  return WITH_BODY_BY_DEFAULT.has(request.method ?? '') ? ['Content-Length', '0'] : [];
}

/** The framing of a body that is all there. */
export const lengthOf = (body: Buffer): string[] => ['Content-Length', String(body.length)];

/** Whether the request comes with a body, be it empty. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length ?? '0') !== '0';
}

/**
 * What an engine never says and a browser would obey: cookies and rules of our own address, another place to go, a question
 * for a password.
 */
const NOT_AN_ENGINES = [
  'set-cookie',
  'x-csrf-token',
  'content-security-policy',
  'strict-transport-security',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'clear-site-data',
  'alt-svc',
  'location',
  'refresh',
  'www-authenticate',
];

/** The engine's answer headers for the client; each of `set` replaces what the engine said under its name. */
export function responseHeaders(
  response: IncomingMessage,
  set: Readonly<Record<string, string>> = {},
): string[] {
  const dropped = [...NOT_AN_ENGINES, ...Object.keys(set).map((name) => name.toLowerCase())];
  return [...endToEnd(response, dropped), ...Object.entries(set).flat()];
}

function endToEnd(message: IncomingMessage, alsoDropped: readonly string[]): string[] {
  const named = (message.headers.connection ?? '').split(',').map((token) => token.trim());
  const dropped = new Set([...HOP_BY_HOP, ...named.map((n) => n.toLowerCase()), ...alsoDropped]);
  const kept: string[] = [];
  const raw = message.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!dropped.has(name.toLowerCase())) kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}
