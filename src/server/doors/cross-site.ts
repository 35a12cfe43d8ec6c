/**
 * Keeps other sites from acting through a person's browser (portainer-protocol.md C.2). Only a browser sends cookies by itself, so
 * only a request whose cookie decides needs the token; a page that a request comes from is looked at whenever it is told.
 */
import { createHmac, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../protocol/fault.ts';

export const CSRF_HEADER = 'X-CSRF-Token';

const NONCE_BYTES = 16;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

const refused = (why: string): Fault => new Fault('cross-site', `Forbidden - ${why}`);

/** Tokens that prove that their sender could read an answer of ours. Each belongs to one session; a restart changes nothing. */
export class CsrfTokens {
  readonly #key: Buffer;

  /** `serverKey` is the server's own. */
  constructor(serverKey: KeyObject) {
    const secret = serverKey.export({ type: 'pkcs8', format: 'der' });
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'fleet-server', 'csrf', 32));
  }

  /** A token for a session, another one each time. */
  issue(sessionId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    return Buffer.concat([nonce, this.#sealOf(nonce, sessionId)]).toString('base64');
  }

  isOf(sessionId: string, token: string): boolean {
    const bytes = Buffer.from(token, 'base64');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const expected = this.#sealOf(nonce, sessionId);
    const given = bytes.subarray(NONCE_BYTES);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** Fault cross-site unless a request that a cookie speaks for may change something. */
  check(request: IncomingMessage, sessionId: string): void {
    if (SAFE_METHODS.has(request.method ?? '') || carriesBearer(request)) return;
    checkNotForeign(request);
    const token = request.headers[CSRF_HEADER.toLowerCase()];
    if (typeof token !== 'string' || token === '') {
      throw refused('CSRF token not found in request');
    }
    if (!this.isOf(sessionId, token)) throw refused('CSRF token invalid');
  }

  #sealOf(nonce: Buffer, sessionId: string): Buffer {
    return createHmac('sha256', this.#key).update(nonce).update(sessionId).digest();
  }
}

/** Fault cross-site for a request that a page of another site began. What tells nothing is no browser, or an old one. */
export function checkNotForeign(request: IncomingMessage): void {
  if (beginningOf(request) === 'foreign') throw refused('referer invalid');
}

/** Fault cross-site for a WebSocket (or raw stream) of a foreign page, and of no page when a cookie speaks for it. */
export function checkUpgradeOrigin(request: IncomingMessage, isByCookie: boolean): void {
  const beginning = beginningOf(request);
  if (beginning === 'foreign') throw refused('referer invalid');
  if (beginning === 'untold' && isByCookie) throw refused('referer not supplied');
}

/** No page can make a browser send this header to another site. */
function carriesBearer({ headers }: IncomingMessage): boolean {
  return /^Bearer\s/i.test(headers.authorization ?? '');
}

function beginningOf({ headers }: IncomingMessage): 'own' | 'foreign' | 'untold' {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return 'foreign';
  const page = headers.origin ?? headers.referer;
  if (page === undefined) return site === 'same-origin' ? 'own' : 'untold';
  const forwarded = headers['x-forwarded-host'];
  // A proxy in front may have changed Host; no page can set the other name.
  const names = [headers.host, ...(typeof forwarded === 'string' ? [forwarded] : [])];
  return names.some((name) => isSameHost(page, name ?? '')) ? 'own' : 'foreign';
}

function isSameHost(page: string, name: string): boolean {
  try {
    const { protocol, host } = new URL(page);
    return host !== '' && new URL(`${protocol}//${name}`).host === host;
  } catch {
    return false;
  }
}
