/** Which connections of the HTTP server came over a link, so that their requests need no signature of their own. */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LinkPeer } from './served-link.ts';

/** Known by the very stream object that node:http gives as a request's socket. */
export class LinkedConnections {
  readonly #peers = new WeakMap<object, LinkPeer>();
  #server: Server | undefined;

  /** The server that answers them; set before the first link is made. */
  serveOn(server: Server): void {
    this.#server = server;
  }

  admit(connection: Duplex, peer: LinkPeer): void {
    connection.on('error', () => connection.destroy());
    if (!this.#server) {
      connection.destroy();
      return;
    }
    this.#peers.set(connection, peer);
    this.#server.emit('connection', connection);
  }

  /** Undefined for a connection of the listener. */
  peerOf(connection: object): LinkPeer | undefined {
    return this.#peers.get(connection);
  }
}
