/** The sockets we listen on: HTTPS, and plain HTTP when asked for. Bad HTTP gets a clean refusal, a stop lets requests finish. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { asFault } from '../../protocol/fault.ts';
import { type Answer, sendAnswer, sendRawAnswer } from './answer.ts';
import { announcesMoreThan, JSON_LIMIT_BYTES } from './body.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import { readProxyCall } from './docker-proxy.ts';
import type { FrontDoor } from './front-door.ts';
import { paceHandshakes } from './handshake-pace.ts';
import { cutWhenStalled, patienceOf } from './stalled-client.ts';

/** From the connection's beginning, or the last answer, to the last header. */
const HEADERS_MS = 20_000;
/** From the connection's turn to the end of its TLS handshake. */
const HANDSHAKE_MS = 10_000;
const CHECK_EVERY_MS = 5_000;
/** BuildKit sends some thirty under one name; node would drop what comes above its own limit without a word. */
const MAX_HEADERS = 200;
/** Longer than the pools of our own clients keep an idle connection. */
const KEEP_ALIVE_MS = 65_000;
const GRACE_MS = 3_000;

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; undefined means plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly door: Pick<FrontDoor, 'request' | 'upgrade'>;
  readonly log: Logger;
  readonly connections: ConnectionLimit;
  /** Other times than those that people are served with. */
  readonly pace?: { readonly headersMs: number; readonly stallMs: number };
}

export interface Listener extends AsyncDisposable {
  /** Shows another certificate from the next handshake on; what is open stays open. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void;
  readonly address: string;
  readonly port: number;
}

const REFUSALS: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    body: {
      message: 'Request headers too large',
      details: `At most ${MAX_HEADERS} headers in 16 KiB are accepted.`,
    },
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    body: { message: 'Request timeout', details: 'The headers did not arrive in time.' },
  },
};
const TOO_MANY_HEADERS = REFUSALS['HPE_HEADER_OVERFLOW'] as Answer;
const MALFORMED: Answer = {
  status: 400,
  body: { message: 'Malformed request', details: 'This is not valid HTTP/1.1.' },
  headers: { Connection: 'close' },
};

/** What node lets through and we don't; undefined for a good head. */
function refusalOf(request: IncomingMessage): Answer | undefined {
  const { rawHeaders, headersDistinct, httpVersion } = request;
  if (rawHeaders.length > 2 * MAX_HEADERS) return TOO_MANY_HEADERS;
  // A proxy in front may have looked at another one than we would.
  const hosts = headersDistinct['host']?.length ?? 0;
  return hosts > 1 || (hosts === 0 && httpVersion !== '1.0') ? MALFORMED : undefined;
}

/** PEM as TLS takes it; the same at the start and at every change. */
const contextOf = ({ cert, key }: { readonly cert: string; readonly key: string }) =>
  ({ cert, key, minVersion: 'TLSv1.2' }) as const;

function makeServer({ tls, pace }: ListenOptions): Server {
  const options = {
    // T1 of node's TLS servers: without it a client that half-closes loses its answer.
    allowHalfOpen: true,
    headersTimeout: pace?.headersMs ?? HEADERS_MS,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, pace?.headersMs ?? HEADERS_MS),
    // Uploads take as long as they take; who stands still in one is ended by cutWhenStalled.
    requestTimeout: 0,
    // Node's own refusal of a missing Host runs what follows on the connection; refusalOf does not.
    requireHostHeader: false,
  };
  if (tls === undefined) return createServer(options);
  const server = createTlsServer({
    ...options,
    ...contextOf(tls),
    // Of a list Node would keep a copy in a shared piece of 8 KiB, for each connection.
    ALPNCallback: ({ protocols }) => protocols.find((name) => name === 'http/1.1'),
    handshakeTimeout: pace?.headersMs ?? HANDSHAKE_MS,
  });
  paceHandshakes(server);
  return server;
}

function connectDoor(server: Server, { door, log, pace }: ListenOptions): Set<Duplex> {
  const upgraded = new Set<Duplex>();
  /** Connections whose next request may have been written by another than their first: none of it is run. */
  const refused = new WeakSet<Socket>();
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const patienceMs = pace?.stallMs ?? patienceOf(request.url ?? '');
    cutWhenStalled(request, response, { log, patienceMs });
    const refusal = refusalOf(request);
    if (refusal !== undefined || refused.has(request.socket)) {
      refused.add(request.socket);
      sendAnswer(request, response, refusal ?? MALFORMED);
      return;
    }
    door.request(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a request was not answered');
      response.destroy();
    });
  };
  server.on('request', take);
  server.on('checkContinue', (request, response) => {
    const isProxied = readProxyCall(request.url?.split('?', 1)[0] ?? '') !== undefined;
    if (isProxied || !announcesMoreThan(request, JSON_LIMIT_BYTES)) response.writeContinue();
    take(request, response);
  });
  server.on('checkExpectation', (request, response) => {
    sendAnswer(request, response, { status: 417 });
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal = refused.has(request.socket) ? MALFORMED : refusalOf(request);
    if (refusal !== undefined) {
      sendRawAnswer(socket, refusal);
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    door.upgrade(request, socket, head).catch((error: unknown) => {
      log.error({ err: error }, 'an upgrade was not answered');
      socket.destroy();
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    sendRawAnswer(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
  });
  return upgraded;
}

/** Connections without a finished TLS handshake: HTTP does not know them, so closing the server would wait for them. */
function watchHandshakes(server: Server): ReadonlySet<Socket> {
  const pending = new Map<string, Socket>();
  const unfinished = new Set<Socket>();
  const key = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`;
  server.on('connection', (socket: Socket) => {
    const name = key(socket);
    pending.set(name, socket);
    unfinished.add(socket);
    socket.once('close', () => {
      unfinished.delete(socket);
      if (pending.get(name) === socket) pending.delete(name);
    });
  });
  server.on('secureConnection', (socket: Socket) => {
    const raw = pending.get(key(socket));
    if (raw !== undefined) unfinished.delete(raw);
  });
  return unfinished;
}

interface Connections {
  readonly upgraded: ReadonlySet<Duplex>;
  readonly unfinished: ReadonlySet<Socket>;
}

async function stop(server: Server, { upgraded, unfinished }: Connections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const socket of unfinished) socket.destroy();
  const timer = setTimeout(() => {
    for (const socket of upgraded) socket.destroy();
    server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearTimeout(timer);
}

/** Listens; Fault bad-settings when the address is taken or not ours. Disposing stops within three seconds. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = makeServer(options);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxHeadersCount = 0;
  options.connections.guard(server);
  const upgraded = connectDoor(server, options);
  const unfinished = options.tls === undefined ? new Set<Socket>() : watchHandshakes(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((thrown: unknown) => {
    const why = (thrown as Error).message;
    throw asFault(
      thrown,
      'bad-settings',
      `Can't listen on ${options.host}:${options.port}: ${why}. Give another address with ${options.tls ? '--bind-https' : '--bind'}.`,
    );
  });
  server.on('error', (error) => options.log.error({ err: error }, 'listener failed'));
  const { address, port } = server.address() as AddressInfo;
  return {
    address,
    port,
    setCertificate(tls) {
      if (server instanceof TlsServer) server.setSecureContext(contextOf(tls));
    },
    [Symbol.asyncDispose]: () => stop(server, { upgraded, unfinished }),
  };
}
