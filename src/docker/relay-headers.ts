/**
 * Headers of a message that passes through us, as flat name/value lists: duplicates must survive (BuildKit sends one
 * name many times), what belongs to one connection only must not (RFC 9110, section 7.6.1).
 */
import type { IncomingMessage } from 'node:http';

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Set anew for the next hop; `expect` was answered by our own server already. */
const OURS: ReadonlySet<string> = new Set(['host', 'expect', 'content-length']);

const WITH_BODY_BY_DEFAULT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export interface HeaderChanges {
  /** Names, in lower case, that must not reach the engine. */
  readonly drop?: readonly string[];
  /** Set last; each replaces what the client sent under its name. */
  readonly set: Readonly<Record<string, string>>;
}

/** The request's headers for the engine, without its framing. */
export function requestHeaders(request: IncomingMessage, changes: HeaderChanges): string[] {
  const kept = endToEnd(request, OURS, [...(changes.drop ?? []), ...Object.keys(changes.set)]);
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
const NOT_AN_ENGINES: ReadonlySet<string> = new Set([
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
]);

/** The engine's answer headers for the client; each of `set` replaces what the engine said under its name. */
export function responseHeaders(
  response: IncomingMessage,
  set: Readonly<Record<string, string>> = {},
): string[] {
  return [...endToEnd(response, NOT_AN_ENGINES, Object.keys(set)), ...Object.entries(set).flat()];
}

/** Without what is of one hop, what is in `never`, and what `names` name in any case. */
function endToEnd(
  message: IncomingMessage,
  never: ReadonlySet<string>,
  names: readonly string[],
): string[] {
  const tokens = message.headers.connection?.split(',') ?? [];
  const dropped = new Set([...names, ...tokens].map((name) => name.trim().toLowerCase()));
  const kept: string[] = [];
  const raw = message.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const key = name.toLowerCase();
    if (HOP_BY_HOP.has(key) || never.has(key) || dropped.has(key)) continue;
    kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}
