/**
 * The route to an engine over the network: plain TCP, TLS, an agent, or our server's proxy (with a path prefix).
 * The peer's certificate is shown to `checkPeer` after the handshake and before any byte of ours is sent.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Fault } from '../protocol/fault.ts';
import { DialAgent } from './dial-agent.ts';
import type { EngineRoute } from './route.ts';
import { opened } from './socket-route.ts';

export interface NetworkTls {
  /** Judges the peer's certificate (DER); a Fault ends the connection. */
  readonly checkPeer?: (certificateDer: Buffer) => Fault | undefined;
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Whether the chain must lead to `ca` (or the system's roots) and the name must match. */
  readonly verify: boolean;
  readonly serverName?: string;
}

export interface NetworkRouteOptions {
  /** For sentences: tcp://10.0.0.7:9001. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: NetworkTls;
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly pathPrefix?: string;
}

/** An engine, agent or proxy at `host:port`; with `tls`, every connection is TLS 1.2 or newer. */
export function networkRoute(options: NetworkRouteOptions): EngineRoute {
  const { host, port } = options;
  const agent = new DialAgent(() => dialNetwork(options));
  const hostHeader = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  return {
    address: options.address,
    agent,
    pathPrefix: options.pathPrefix ?? '',
    headers: () => ({ Host: hostHeader, ...options.headers?.() }),
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

async function dialNetwork(options: NetworkRouteOptions): Promise<Socket> {
  const { host, port, tls, address } = options;
  if (!tls) return opened(connect({ host, port, allowHalfOpen: true }), 'connect', address);
  const secure = startTls(host, port, tls);
  await opened(secure, 'secureConnect', address);
  const fault = judgePeer(secure, tls, address);
  if (fault) {
    secure.destroy();
    throw fault;
  }
  return secure;
}

function startTls(host: string, port: number, tls: NetworkTls): TLSSocket {
  const serverName = tls.serverName ?? (isIP(host) ? '' : host);
  const options = {
    host,
    port,
    servername: serverName,
    rejectUnauthorized: tls.verify,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    // Missing from @types/node's ConnectionOptions, documented for tls.connect.
    allowHalfOpen: true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  } as const;
  return connectTls(options);
}

function judgePeer(socket: TLSSocket, tls: NetworkTls, address: string): Fault | undefined {
  if (!tls.checkPeer) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate) return tls.checkPeer(certificate.raw);
  return new Fault('wrong-certificate', `${address} shows no certificate.`);
}
