/**
 * The cookie in which a browser keeps its session (Portainer API, authentication): never readable by scripts, never sent
 * over plain HTTP, never with what another site began.
 */
import type { IncomingMessage } from 'node:http';

export const SESSION_COOKIE = 'portainer_api_key';

const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Strict';

/** The value of `Set-Cookie` for a session token, for as long as the token is valid. */
export function sessionCookie(token: string): string {
  return `${SESSION_COOKIE}=${token}; Expires=${expiryOf(token).toUTCString()}; ${ATTRIBUTES}`;
}

/** The value of `Set-Cookie` that takes it away again. */
export const NO_SESSION_COOKIE = `${SESSION_COOKIE}=; Expires=${new Date(0).toUTCString()}; ${ATTRIBUTES}`;

/** The session token in the cookie of a request; of several the first. */
export const sessionTokenOf = (request: IncomingMessage): string | undefined =>
  cookieOf(request, SESSION_COOKIE);

/** The value of a cookie of this name that came with a request; of several the first that is not empty. */
export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = pair.slice(at + 1).trim();
    if (value !== '') return value;
  }
  return undefined;
}

/** Of a token that we have just signed ourselves. */
function expiryOf(token: string): Date {
  const [, claims = ''] = token.split('.');
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number };
  return new Date(exp * 1000);
}
