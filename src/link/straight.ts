/**
 * Where the outer TLS reaches from end to end, nobody in between needs to see WebSocket messages: the link's bytes follow the
 * upgrade at once, and Node hands them from layer to layer without JavaScript, at a quarter of the price. Whether it does, both
 * ends tell by a secret of that very connection (RFC 5705), which differs on the two sides of whoever ends TLS on the way.
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** In Upgrade (RFC 9110, section 7.8), in place of "websocket". */
export const STRAIGHT_PROTOCOL = 'fleet-link';
export const END_TO_END_HEADER = 'X-Fleet-End-To-End';

const KEEP_ALIVE_MS = 30_000;
const LABEL = 'fleet-link-end-to-end';
const PROOF_BYTES = 16;

/** What both ends of this TLS connection know, and nobody else; says nothing of who they are. */
export function endToEndProof(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(PROOF_BYTES, LABEL, Buffer.alloc(0)).toString('hex');
}

/** What a dialled request for a link wants: `bent` is a straight one that came over another TLS connection than its sender's. */
export type LinkWay = 'straight' | 'bent' | 'websocket' | 'none';

export function linkWayOf({ method, headers, socket }: IncomingMessage): LinkWay {
  const protocol = method === 'GET' ? headers.upgrade?.toLowerCase() : undefined;
  if (protocol === 'websocket') return 'websocket';
  if (protocol !== STRAIGHT_PROTOCOL) return 'none';
  const said = headers[END_TO_END_HEADER.toLowerCase()];
  return socket instanceof TLSSocket && said === endToEndProof(socket) ? 'straight' : 'bent';
}

const ACCEPTED = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${STRAIGHT_PROTOCOL}\r\n\r\n`;
/** A dial that is bent comes back as a WebSocket. */
export const BENT =
  'HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Answers a straight request; its socket is the link's from here on. */
export function acceptStraight(socket: TLSSocket, head: Buffer): TLSSocket {
  socket.write(ACCEPTED);
  return straightPipe(socket, head);
}

/** The connection under a link, after the upgrade's last byte. */
export function straightPipe(socket: TLSSocket, head: Buffer): TLSSocket {
  if (head.length > 0) socket.unshift(head);
  // A web server's connections stay half open, and what is built on this one would inherit it.
  socket.allowHalfOpen = false;
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // The link tells of a break in its own way; without a listener the break would be an uncaught error.
  socket.on('error', () => undefined);
  return socket;
}
