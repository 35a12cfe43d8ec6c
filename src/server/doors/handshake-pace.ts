/**
 * TLS handshakes begin a few at a time, in the order in which clients have spoken, so that a thousand dials in one moment hold
 * up nobody who is connected already, and the first of them are through before the last begin.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Begun in one turn of the event loop: about as many milliseconds in which nothing else happens. */
const AT_ONCE = 4;
/** For a client to say its first word; whoever is silent costs nothing but the connection. */
const FIRST_WORD_MS = 10_000;

type Begin = (this: Server, socket: Socket) => void;

/** Takes the place of the HTTPS server's own listener for connections; called before the server listens. */
export function paceHandshakes(server: Server): void {
  const [begin, ...others] = server.listeners('connection') as Begin[];
  if (begin === undefined || others.length > 0) throw new Error('not a TLS server fresh from node');
  server.off('connection', begin);
  const waiting: Socket[] = [];
  const turn = () => {
    for (const socket of waiting.splice(0, AT_ONCE)) {
      if (!socket.destroyed) begin.call(server, socket);
    }
    if (waiting.length > 0) setImmediate(turn);
  };
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), FIRST_WORD_MS);
    socket.once('close', () => clearTimeout(timer));
    // Until its TLS takes over nobody else would hear it.
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      clearTimeout(timer);
      if (waiting.push(socket) === 1) setImmediate(turn);
    });
  });
}
