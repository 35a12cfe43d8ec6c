/** Where a published port can be reached from here, as far as the addresses that we know tell. */
import type { PublishedPort } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';

export interface PortUrl {
  /** 443->8443/tcp */
  readonly name: string;
  readonly url: string;
}

const SECURE_PORTS = new Set([443, 8443, 9443]);
const ANY_ADDRESS = new Set(['0.0.0.0', '::', '']);

/** One for each published TCP port, lowest first. */
export function portUrls(
  environment: Environment | undefined,
  ports: readonly PublishedPort[],
): readonly PortUrl[] {
  const urls = new Map<number, PortUrl>();
  for (const { publicPort, privatePort, protocol, address } of ports) {
    if (publicPort === null || publicPort === 0 || protocol !== 'tcp') continue;
    const isSecure = SECURE_PORTS.has(publicPort) || SECURE_PORTS.has(privatePort);
    const host = hostOf(environment, address ?? '');
    const usual = isSecure ? 443 : 80;
    const port = publicPort === usual ? '' : `:${publicPort}`;
    const url = `${isSecure ? 'https' : 'http'}://${host}${port}/`;
    if (!urls.has(publicPort)) {
      urls.set(publicPort, { name: `${publicPort}->${privatePort}`, url });
    }
  }
  return [...urls].sort(([a], [b]) => a - b).map(([, url]) => url);
}

/** The address it is bound to, else the one the environment is reached at, else the name its host gives itself. */
function hostOf(environment: Environment | undefined, bound: string): string {
  if (!ANY_ADDRESS.has(bound)) return bound.includes(':') ? `[${bound}]` : bound;
  const [, host] = /^[a-z]+:\/\/(\[[0-9a-f:.]+\]|[\w.-]+)/iu.exec(environment?.address ?? '') ?? [];
  const isAway = environment?.kind === 'agent' || environment?.kind === 'tcp';
  if (host !== undefined && isAway) return host;
  const named = environment?.engine?.hostName ?? '';
  return /^[\w.-]+$/u.test(named) ? named : 'localhost';
}
