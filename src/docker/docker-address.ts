/** Reads the addresses people and DOCKER_HOST write for an engine: unix://PATH, tcp://HOST:PORT, HOST:PORT. */
import { Fault } from '../protocol/fault.ts';
import { type NetworkTls, networkRoute } from './network-route.ts';
import type { EngineRoute } from './route.ts';
import { socketRoute } from './socket-route.ts';

export type DockerAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

const PLAIN_PORT = 2375;

/** Throws Fault bad-settings naming the address; a tcp address without a port gets Docker's 2375. */
export function parseDockerAddress(text: string): DockerAddress {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (trimmed.startsWith('/')) return { kind: 'socket', path: trimmed };
  if (scheme === 'unix') return parseSocket(trimmed);
  if (scheme === undefined || scheme === 'tcp' || scheme === 'http' || scheme === 'https') {
    return parseTcp(trimmed, scheme);
  }
  throw badAddress(trimmed, `${scheme}:// is not supported; use unix:// or tcp://`);
}

/** The address as a route; `tls` applies to tcp addresses only. */
export function routeTo(address: DockerAddress, tls?: NetworkTls): EngineRoute {
  if (address.kind === 'socket') return socketRoute(address.path);
  return networkRoute({
    address: formatDockerAddress(address),
    host: address.host,
    port: address.port,
    ...(tls ? { tls } : {}),
  });
}

/** The address in Docker's own form: unix:///run/x.sock, tcp://[::1]:2375. */
export function formatDockerAddress(address: DockerAddress): string {
  if (address.kind === 'socket') return `unix://${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `tcp://${host}:${address.port}`;
}

function parseSocket(text: string): DockerAddress {
  const path = text.slice('unix://'.length);
  if (!path.startsWith('/')) throw badAddress(text, 'a socket needs an absolute path');
  return { kind: 'socket', path };
}

function parseTcp(text: string, scheme: string | undefined): DockerAddress {
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?\/?$/i.exec(rest);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw badAddress(text, 'expected tcp://HOST:PORT');
  const port = match?.[3] === undefined ? PLAIN_PORT : Number(match[3]);
  if (port < 1 || port > 65_535) throw badAddress(text, 'a port is a number from 1 to 65535');
  return { kind: 'tcp', host, port };
}

function badAddress(text: string, why: string): Fault {
  // A user:password@ part never reaches a sentence.
  const shown = text.replace(/\/\/[^/]*@/, '//…@').slice(0, 200);
  return new Fault('bad-settings', `"${shown}" is not a Docker address: ${why}.`);
}
