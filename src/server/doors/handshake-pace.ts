/**
 * TLS handshakes begin a few at a time, in the order in which clients came, so that a thousand dials in one moment hold up
 * nobody who is connected already, and the first of them are through before the last begin.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Begun in one turn of the event loop: about as many milliseconds in which nothing else happens. */
const AT_ONCE = 4;

type Begin = (this: Server, socket: Socket) => void;

/** A property of net.Server that node's documents name as an option only. */
type Pausing = Server & { pauseOnConnect: boolean };

/**
 * Takes the place of the HTTPS server's own listener for connections; called before the server listens. Nothing is read of a
 * connection before its turn: what had been read, OpenSSL would be given through a buffer that stays small for good.
 */
export function paceHandshakes(server: Server): void {
  const [begin, ...others] = server.listeners('connection') as Begin[];
  if (begin === undefined || others.length > 0) throw new Error('not a TLS server fresh from node');
  server.off('connection', begin);
  const pausing = server as Pausing;
  pausing.pauseOnConnect = true;
  const waiting: Socket[] = [];
  const turn = () => {
    // What TLS makes of them reads at once.
    pausing.pauseOnConnect = false;
    for (const socket of waiting.splice(0, AT_ONCE)) {
      if (!socket.destroyed) begin.call(server, socket);
    }
    pausing.pauseOnConnect = true;
    if (waiting.length > 0) setImmediate(turn);
  };
  server.on('connection', (socket: Socket) => {
    // Until its TLS takes over nobody else would hear it.
    socket.on('error', () => socket.destroy());
    if (waiting.push(socket) === 1) setImmediate(turn);
  });
}
