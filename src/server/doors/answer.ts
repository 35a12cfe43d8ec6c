/** What a route answers, and how answers and faults become HTTP in Portainer's manner. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { FAULT_HEADER, Fault, type FaultCode } from '../../protocol/fault.ts';
import { CSRF_HEADER } from './cross-site.ts';

export interface Answer {
  readonly status: number;
  /** Sent as JSON; undefined means no body. */
  readonly body?: unknown;
  /** Sent as it is, with the Content-Type given in `headers`; wins over `body`. */
  readonly text?: string;
  /** Sent as it comes; wins over both. */
  readonly stream?: Readable;
  readonly headers?: OutgoingHttpHeaders;
}

/** 200 with a JSON body. */
export const ok = (body: unknown, headers: OutgoingHttpHeaders = {}): Answer => ({
  status: 200,
  body,
  headers,
});

/** 204 without a body. */
export const NO_CONTENT: Answer = { status: 204 };

/** The answer to a path that leads nowhere, as Portainer's own router gives it. */
export const NO_SUCH_PATH: Answer = {
  status: 404,
  text: '404 page not found\n',
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
};

/** The answer to a known path with another method. */
export const NO_SUCH_METHOD: Answer = { status: 405 };

/** No browser may run, frame or guess the type of what we or an engine answer: it is data. */
export const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
} as const;

/** How long a client that is still sending may take to read the refusal of what it sends. */
const LINGER_MS = 1_000;

const TOLD_BY_CODE: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'second-factor',
  'second-factor-due',
]);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A fault as `{message, details}`; anything else as a bare 500, since its words may hold what is nobody's business. */
export function answerOf(thrown: unknown): Answer {
  if (!(thrown instanceof Fault)) {
    const body = { message: 'Internal error', details: 'The log of the server has the cause.' };
    return { status: 500, body };
  }
  // Portainer's clients know this refusal as text.
  if (thrown.code === 'cross-site') {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    return { status: thrown.status, text: `${thrown.message}\n`, headers };
  }
  const details = capitalised(thrown.details ?? thrown.message);
  const retry = thrown.retryAfterS;
  return {
    status: thrown.status,
    body: { message: thrown.message, details },
    headers: {
      // Their statuses are those of a wrong password and a refusal, as old clients understand them; ours go on by the code.
      ...(TOLD_BY_CODE.has(thrown.code) && { [FAULT_HEADER]: thrown.code }),
      ...(retry !== undefined && { 'Retry-After': String(retry) }),
      ...(thrown.code === 'admin-timeout' && { 'redirect-reason': 'AdminInitTimeout' }),
    },
  };
}

function payloadOf(answer: Answer): Buffer {
  if (answer.text !== undefined) return Buffer.from(answer.text);
  return answer.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.body));
}

function headersOf(answer: Answer, payload: Buffer): OutgoingHttpHeaders {
  return {
    ...SAFE_HEADERS,
    ...(answer.body !== undefined && { 'Content-Type': 'application/json' }),
    ...(answer.status !== 204 && { 'Content-Length': payload.length }),
    ...answer.headers,
  };
}

/**
 * Sends an answer. When the request's body has not arrived whole, the connection ends with it: the rest is not read on,
 * and the socket stays open for a moment so that the client sees the answer before the reset.
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (answer.stream !== undefined) {
    response.writeHead(answer.status, { ...SAFE_HEADERS, ...answer.headers });
    // What breaks it ends the connection: the client must not take half for the whole.
    pipeline(answer.stream, response, () => undefined);
    return;
  }
  const payload = payloadOf(answer);
  const headers = headersOf(answer, payload);
  if (answer.status >= 300) response.removeHeader(CSRF_HEADER);
  if (request.complete || !hasBody(request)) {
    response.writeHead(answer.status, headers);
    response.end(payload);
    return;
  }
  response.writeHead(answer.status, { ...headers, Connection: 'close' });
  request.pause();
  // A write of nothing sends nothing, not even the head.
  if (payload.length > 0) response.write(payload);
  else response.flushHeaders();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  response.once('close', () => clearTimeout(timer));
}

function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding !== undefined || (length !== undefined && length !== '0');
}

/** Sends an answer on a socket that asked for an upgrade, or that spoke no HTTP at all, and ends it. */
export function sendRawAnswer(socket: Duplex, answer: Answer): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const payload = payloadOf(answer);
  const headers = { ...headersOf(answer, payload), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`;
  socket.end(Buffer.concat([Buffer.from(`${status}${lines.join('')}\r\n`), payload]));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
