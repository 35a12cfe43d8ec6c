/**
 * Ends exchanges whose client neither sends what it announced nor reads what it asked for. Time counts only while it is the
 * client whom we wait for: an engine that is slow to answer, or to take an upload, costs its client nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { readProxyCall } from './docker-proxy.ts';

/** An answer of ours is small. */
const OWN_MS = 60_000;
/** Images and archives, over bad lines and into slow pipes. */
const PROXIED_MS = 5 * 60_000;
/** What goes on until somebody has seen enough; a person who pages through it has stopped reading, not left. */
const STREAM_MS = 3_600_000;

const STREAM =
  /\/(?:events|containers\/[^/]+\/(?:stats|attach|wait|logs)|services\/[^/]+\/logs|tasks\/[^/]+\/logs|exec\/[^/]+\/start)$/;

/** For how long a client may stand still in the middle of an exchange. */
export function patienceOf(url: string): number {
  const [path = ''] = url.split('?', 1);
  if (path === '/api/backup' || path === '/api/restore') return PROXIED_MS;
  const call = readProxyCall(path);
  if (call === undefined) return OWN_MS;
  return STREAM.test(call.enginePath) ? STREAM_MS : PROXIED_MS;
}

/** Ends the exchange when its client stands still for longer than `patienceMs`, and a quarter more. */
export function cutWhenStalled(
  request: IncomingMessage,
  response: ServerResponse,
  { log, patienceMs }: { readonly log: Logger; readonly patienceMs: number },
): void {
  const { socket } = request;
  let warnedAt: string | undefined;
  // Node's own timer: each byte read, and each byte that the kernel took for the client, starts it anew.
  response.setTimeout(patienceMs, () => {
    const position = `${socket.bytesRead} ${socket.bytesWritten}`;
    const isStill = isWaitedFor(request, response);
    if (!isStill || position !== warnedAt) {
      // We may have turned to the client in this very moment: it is given time to notice.
      warnedAt = isStill ? position : undefined;
      socket.setTimeout(isStill ? patienceMs / 4 : patienceMs);
      return;
    }
    const [path] = (request.url ?? '').split('?', 1);
    const address = socket.remoteAddress;
    log.info({ address, method: request.method, path }, 'a client stood still: cut off');
    response.destroy();
    socket.destroy();
  });
}

function isWaitedFor(request: IncomingMessage, response: ServerResponse): boolean {
  if (response.writableLength > 0 || request.socket.writableLength > 0) return true;
  return !request.complete && request.readableFlowing === true;
}
