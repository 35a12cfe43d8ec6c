/** The address of a fleet-server as a person types it, and as everything that dials it needs it. */
import { Fault } from '../protocol/fault.ts';

export interface ServerAddress {
  /** https://jump:9443, without a trailing slash; behind a proxy it may have a path. */
  readonly url: string;
  readonly isTls: boolean;
  /** Without brackets around an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** host:port, for sentences. */
  readonly where: string;
  /** '' or '/fleet': stands before every path of the API. */
  readonly basePath: string;
}

const DEFAULT_PORT = 9443;

function malformed(text: string, cause?: unknown): Fault {
  return new Fault(
    'bad-settings',
    `"${text}" is not the address of a server; write it like https://jump.example:9443.`,
    { cause },
  );
}

/** Accepts `jump`, `jump:9443` and http(s) URLs; https and port 9443 where none is said. Fault bad-settings otherwise. */
export function parseServerAddress(text: string): ServerAddress {
  const typed = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  if (!typed || !URL.canParse(hasScheme ? typed : `https://${typed}`)) throw malformed(text);
  const url = new URL(hasScheme ? typed : `https://${typed}`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw malformed(text);
  if (url.username || url.password)
    throw new Fault(
      'bad-settings',
      'A server address must not contain a password: other accounts of this machine can read it; leave it out and sign in.',
    );
  if (!hasScheme && !url.port) url.port = String(DEFAULT_PORT);
  const isTls = url.protocol === 'https:';
  const port = url.port ? Number(url.port) : isTls ? 443 : 80;
  const basePath = url.pathname.replace(/\/+$/, '');
  return {
    url: `${url.protocol}//${url.host}${basePath}`,
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    where: `${url.hostname}:${port}`,
    basePath,
  };
}
