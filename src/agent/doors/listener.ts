/** The agent's door on 9001: TLS with its own certificate, HTTP/1.1 inside. Clients pin it; its name proves nothing. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TlsIdentity } from '../../link/tls-pipe.ts';
import { errorCode } from '../../protocol/dial-fault.ts';
import { Fault } from '../../protocol/fault.ts';

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly identity: TlsIdentity;
  readonly server: HttpServer;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Takes no new connections and ends idle ones; resolves when the last one is closed. */
  close(): Promise<void>;
  /** Ends every connection now. */
  cut(): void;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
const CONNECTION_LIMIT = 1_024;

/** Resolves when it listens; rejects with a Fault that names the setting to change. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { identity, server } = options;
  const door = createServer({
    key: identity.keyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    // Else the answer ends when a client ends its half, and `docker exec -i` loses its output.
    allowHalfOpen: true,
    noDelay: true,
  });
  door.maxConnections = CONNECTION_LIMIT;
  const open = new Set<Socket>();
  door.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  door.on('secureConnection', (socket) => server.emit('connection', socket));
  door.on('tlsClientError', (_, socket) => socket.destroy());
  await listen(door, options);
  const { address, port } = door.address() as AddressInfo;
  return {
    host: address,
    port,
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve());
        server.closeIdleConnections();
      }),
    cut: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function listen(door: Server, { host, port }: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    door.once('error', (error) => reject(listenFault(error, host, port)));
    door.listen({ host, port }, resolve);
  });
}

function listenFault(cause: Error, host: string, port: number): Fault {
  switch (errorCode(cause)) {
    case 'EADDRINUSE':
      return new Fault(
        'conflict',
        `Port ${port} is in use by another program: end that one, or choose another AGENT_PORT.`,
        { cause },
      );
    case 'EACCES':
      return new Fault('bad-settings', `AGENT_PORT ${port} may be opened by root only.`, { cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Fault('bad-settings', `AGENT_HOST ${host} is no address of this machine.`, {
        cause,
      });
    default:
      return new Fault('internal', `The agent can't listen on ${host}:${port}.`, { cause });
  }
}
