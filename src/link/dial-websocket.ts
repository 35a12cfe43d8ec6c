/** Dials a WebSocket for a link: what passes through everything that passes web pages. */
import { WebSocket } from 'ws';
import type { Fault } from '../protocol/fault.ts';
import { DialAttempt, type DialOptions } from './dial-attempt.ts';
import { refusal } from './dial-refusal.ts';

/** For both ends' `maxPayload`: a sender gathers far less into one message, so anything longer is no peer of ours. */
export const LINK_MESSAGE_LIMIT_BYTES = 4 << 20;

/**
 * An open WebSocket that keeps what arrives from the first moment on, or a Fault that names the step that failed.
 * Honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY unless told otherwise.
 */
export async function dialWebsocket(options: DialOptions, signal: AbortSignal): Promise<WebSocket> {
  const attempt = await DialAttempt.prepare(options, signal);
  const { url, agent } = attempt;
  const isSecure = url.protocol === 'https:';
  const socket = new WebSocket(url, {
    ...(agent ? { agent } : {}),
    headers: options.headers ?? {},
    perMessageDeflate: false,
    maxPayload: LINK_MESSAGE_LIMIT_BYTES,
    finishRequest: (request) => attempt.send(request),
    ...attempt.secureOptions,
    // Masking hides bytes from broken plain-text proxies only; under TLS it is pure cost.
    ...(isSecure ? { generateMask: () => {} } : {}),
  });
  const begin = (succeed: (opened: WebSocket) => void, fail: (fault: Fault) => void) => {
    socket.once('open', () => {
      socket.pause();
      succeed(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      void refusal(response, attempt).then(fail);
    });
    // Stays: terminating a socket that is still dialling raises an error of its own.
    socket.on('error', (error) => fail(attempt.translate(error)));
  };
  return await attempt.hold({ begin, end: () => socket.terminate() }, signal);
}
