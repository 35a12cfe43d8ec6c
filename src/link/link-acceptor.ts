/** Takes what dialLink dials: the byte stream of a link, straight or as a WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { LINK_MESSAGE_LIMIT_BYTES } from './dial-websocket.ts';
import type { LinkPipe } from './link.ts';
import { acceptStraight, BENT, type LinkWay, linkWayOf } from './straight.ts';
import { websocketPipe } from './websocket-pipe.ts';

export class LinkAcceptor {
  readonly #websockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LINK_MESSAGE_LIMIT_BYTES,
  });

  /** `known` spares asking again. Undefined when it has hung up, or was answered: it wanted no link, or must come as a WebSocket. */
  async take(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    known?: LinkWay,
  ): Promise<LinkPipe | undefined> {
    // Who has left in the meantime is told nothing, and its TLS can be asked for no secret.
    if (socket.destroyed) return undefined;
    const way = known ?? linkWayOf(request);
    if (way === 'straight' && socket instanceof TLSSocket) return acceptStraight(socket, head);
    if (way === 'bent') {
      socket.end(BENT, () => socket.destroy());
      return undefined;
    }
    return await new Promise((resolve) => {
      const gone = () => resolve(undefined);
      socket.once('close', gone);
      this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
        socket.off('close', gone);
        resolve(websocketPipe(websocket));
      });
    });
  }
}
