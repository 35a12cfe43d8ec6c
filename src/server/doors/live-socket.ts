/** What every WebSocket of this server needs: pings that notice a silent peer, and an end that comes even when the peer is stuck. */
import type { WebSocket } from 'ws';

const CLOSE_DEADLINE_MS = 2_000;

/** Pings every `intervalMs`; a peer that hasn't answered one ping at the next is cut. */
export function keepAlive(socket: WebSocket, intervalMs: number): void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, intervalMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

/** Closes with a code and a reason; terminates when the peer doesn't follow within two seconds. */
export function closeFirmly(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_DEADLINE_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
