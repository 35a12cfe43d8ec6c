/**
 * The node:http server that reads requests off whatever connections it is given with emit('connection'). It never
 * listens itself; the TLS listener, or another transport, hands it streams.
 */
import { createServer, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../../protocol/dial-fault.ts';
import type { AgentApi } from '../api/agent-api.ts';
import { AGENT_HEADERS } from '../api/answers.ts';

const HEADER_LIMIT_BYTES = 16 << 10;
const HEADER_COUNT_LIMIT = 200;
const HEADER_TIMEOUT_MS = 10_000;
const SWEEP_MS = 2_000;
/** Longer than clients keep an idle connection (Go: 90 s, our own: 15 s), so that rarely one is closed under a request. */
const KEEP_ALIVE_MS = 95_000;

/** Headers of at most 16 KiB within 10 s; bodies may take as long as their route allows. */
export function openHttpServer(api: AgentApi): Server {
  const server = createServer({
    maxHeaderSize: HEADER_LIMIT_BYTES,
    headersTimeout: HEADER_TIMEOUT_MS,
    requestTimeout: 0,
    connectionsCheckingInterval: SWEEP_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  });
  server.maxHeadersCount = HEADER_COUNT_LIMIT;
  server.on('request', api.request);
  server.on('checkContinue', api.request);
  server.on('upgrade', api.upgrade);
  server.on('clientError', refuse);
  // Node starts to watch header times when a server listens, and this one never will.
  server.emit('listening');
  return server;
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

/** What could not be read as a request is answered in the form of an answer all the same, and ends the connection. */
function refuse(error: Error, socket: Duplex): void {
  // Where node:http keeps the answer that is under way on a connection; bytes of ours must not fall into the middle of it.
  const { _httpMessage: underWay } = socket as { _httpMessage?: ServerResponse | null };
  if (!socket.writable || underWay?.headersSent || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[errorCode(error)] ?? 400;
  const words = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ message: words, details: words });
  const headers = Object.entries({
    ...AGENT_HEADERS,
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${words}\r\n${headers.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
