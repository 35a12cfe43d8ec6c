/**
 * Requests and upgraded connections on their way to an engine, byte for byte and as they come. After a refused upgrade
 * the client's connection ends, since what follows on it was never checked by anybody.
 */
import {
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dialFault, errorCode } from '../protocol/dial-fault.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { EarlyBytes } from './early-bytes.ts';
import { joinStreams } from './joined-streams.ts';
import { type RelayOptions, relayAnswer } from './relay-answer.ts';
import { framingOf, hasBody, lengthOf, requestHeaders, responseHeaders } from './relay-headers.ts';
import type { EngineRoute } from './route.ts';
import { requestUpgrade } from './upgrade.ts';

export interface PassOptions extends RelayOptions {
  readonly route: EngineRoute;
  /** Engine path and query, as the engine shall see them. */
  readonly path: string;
  /** Names of request headers that must not reach the engine, such as our own credentials. */
  readonly dropHeaders?: readonly string[];
  readonly addHeaders?: Readonly<Record<string, string>>;
  /** Sent in place of the request's own body, which has been read already. */
  readonly body?: Buffer;
  /** Ends the exchange at once; a Fault as its reason becomes the answer. */
  readonly signal?: AbortSignal;
  /** Nothing was answered yet: the caller answers, and ends the connection if it is an upgraded one. */
  onError(fault: Fault): void;
  /** Hears the engine's answer to an upgrade, before the client does. */
  readonly onUpgradeAnswer?: (status: number) => void;
}

const UPGRADE_BODY_LIMIT_BYTES = 1 << 20;
/** A shell whose person's machine was switched off ends some minutes later. */
const KEEP_ALIVE_MS = 30_000;
const STALE_RETRIES = 2;
/** After an answer that came before the end of the request's body: for how long that body is still read and dropped. */
const LINGER_MS = 1_000;

/** Resolves when the exchange is over, however it ended; never rejects. */
export async function passThrough(
  request: IncomingMessage,
  response: ServerResponse,
  options: PassOptions,
): Promise<void> {
  for (let retries = 0; !response.destroyed; retries += 1) {
    const exchange = new Exchange(request, response, options);
    const fault = await exchange.run();
    if (!fault) return;
    if (exchange.isStale && retries < STALE_RETRIES) continue;
    if (!response.destroyed) options.onError(fault);
    if (!request.complete) dropRest(request);
    return;
  }
}

/** Keeps a client that is still sending able to read its answer, for a moment. */
function dropRest(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}

/** One attempt to have a request answered by the engine. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: PassOptions;
  #outgoing: ClientRequest | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: PassOptions) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
  }

  /** Set when the pool gave us a connection that the peer was just closing; only what may be repeated is. */
  isStale = false;

  /** Resolves with a Fault when nothing was answered. */
  async run(): Promise<Fault | undefined> {
    const { signal, route } = this.#options;
    const abandon = () => this.#outgoing?.destroy();
    const interrupt = () => {
      this.#outgoing?.destroy(interruption(signal, route));
      // Else what the engine has said whole would end as if all of it had been sent.
      if (this.#response.headersSent) this.#response.destroy();
    };
    this.#response.once('close', abandon);
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      this.#outgoing = this.#send();
      if (signal?.aborted) interrupt();
      const incoming = await answerOf(this.#outgoing, this.#response);
      await this.#relay(incoming);
      return undefined;
    } catch (error) {
      this.#outgoing?.destroy();
      const code = errorCode(error);
      const isReset = code === 'ECONNRESET' || code === 'EPIPE';
      this.isStale = isReset && this.#outgoing?.reusedSocket === true && this.#isRepeatable();
      if (this.#response.headersSent) this.#response.destroy();
      else return passFault(error, route);
      return undefined;
    } finally {
      this.#response.off('close', abandon);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  #send(): ClientRequest {
    const { route, path, dropHeaders, addHeaders, body } = this.#options;
    const headers = requestHeaders(this.#request, {
      ...(dropHeaders ? { drop: dropHeaders } : {}),
      set: { ...route.headers(), ...addHeaders },
    });
    const outgoing = sendRequest({
      agent: route.agent,
      method: this.#request.method ?? 'GET',
      path: `${route.pathPrefix}${path}`,
      headers: [...headers, ...(body ? lengthOf(body) : framingOf(this.#request))],
    });
    if (body || !hasBody(this.#request)) outgoing.end(body);
    else this.#request.pipe(outgoing);
    return outgoing;
  }

  async #relay(incoming: IncomingMessage): Promise<void> {
    await relayAnswer(incoming, this.#response, this.#options);
    if (this.#request.complete) return;
    this.#outgoing?.destroy();
    dropRest(this.#request);
  }

  #isRepeatable(): boolean {
    const { method } = this.#request;
    return (method === 'GET' || method === 'HEAD') && !hasBody(this.#request);
  }
}

function answerOf(outgoing: ClientRequest, response: ServerResponse): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Fault('cancelled', 'The client went away.'));
    outgoing.on('response', (incoming) => {
      outgoing.off('close', leave);
      resolve(incoming);
    });
    outgoing.on('error', reject);
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Fault('bad-peer', 'The engine switched protocols without having been asked to.'));
    });
    outgoing.on('close', leave);
    outgoing.on('information', ({ statusCode }) => {
      if (statusCode === 102) response.writeProcessing();
    });
  });
}

/**
 * A connection whose client asked for an upgrade: joined with the engine's after its 101, else given the engine's
 * answer and ended. `socket` and `head` as node:http's 'upgrade' event gives them. Resolves when both are closed or,
 * after onError, at once; never rejects.
 */
export async function passUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: PassOptions,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  if (socket instanceof Socket) socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  const early = new EarlyBytes(socket, head);
  const gone = new AbortController();
  const abandon = () => gone.abort();
  const interrupt = () => gone.abort(interruption(options.signal, options.route));
  socket.once('close', abandon);
  options.signal?.addEventListener('abort', interrupt, { once: true });
  if (options.signal?.aborted) interrupt();
  try {
    const body = await early.take(bodyLength(request));
    const outcome = await requestUpgrade(options.route, {
      method: request.method ?? 'GET',
      path: options.path,
      headers: upgradeHeaders(request, options, body.length),
      body,
      signal: gone.signal,
    });
    socket.off('close', abandon);
    options.onUpgradeAnswer?.(outcome.response.statusCode ?? 502);
    if (outcome.kind === 'answered') {
      await relayRefusal(socket, outcome.response, options.answerHeaders);
      return;
    }
    const { answerHeaders } = options;
    socket.write(headOf(outcome.response, answerHeaders, { isUpgraded: true }));
    early.release(outcome.stream);
    if (options.tap) outcome.stream.on('data', options.tap);
    await joinStreams(socket, outcome.stream, options.signal);
  } catch (error) {
    const reason: unknown = gone.signal.reason;
    if (!socket.destroyed) {
      options.onError(passFault(reason instanceof Fault ? reason : error, options.route));
    }
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
}

function bodyLength(request: IncomingMessage): number {
  if (request.headers['transfer-encoding'] !== undefined) {
    throw new Fault('bad-request', 'A request that asks for an upgrade needs a Content-Length.');
  }
  const length = Number(request.headers['content-length'] ?? 0);
  if (length <= UPGRADE_BODY_LIMIT_BYTES) return length;
  throw new Fault('too-large', 'The body of a request that asks for an upgrade exceeds 1 MiB.');
}

function upgradeHeaders(request: IncomingMessage, options: PassOptions, length: number): string[] {
  const { route, dropHeaders, addHeaders } = options;
  const headers = requestHeaders(request, {
    ...(dropHeaders ? { drop: dropHeaders } : {}),
    set: { ...route.headers(), ...addHeaders },
  });
  const framing = request.method === 'GET' ? [] : ['Content-Length', String(length)];
  const upgrade = ['Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? 'tcp'];
  return [...headers, ...framing, ...upgrade];
}

async function relayRefusal(
  socket: Duplex,
  response: IncomingMessage,
  answerHeaders: PassOptions['answerHeaders'],
): Promise<void> {
  socket.write(headOf(response, answerHeaders, { isUpgraded: false }));
  // Rejects when either side leaves early, and then both are destroyed already.
  await pipeline(response, socket).catch(() => undefined);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

/** Status line and headers of the engine's answer with our own connection header, as bytes. */
function headOf(
  response: IncomingMessage,
  answerHeaders: PassOptions['answerHeaders'],
  { isUpgraded }: { readonly isUpgraded: boolean },
): Buffer {
  const { statusCode, statusMessage, headers } = response;
  const connection = ['Connection', isUpgraded ? 'Upgrade' : 'close'];
  const upgrade = isUpgraded && headers.upgrade ? ['Upgrade', headers.upgrade] : [];
  const fields = [...responseHeaders(response, answerHeaders), ...connection, ...upgrade];
  let text = `HTTP/1.1 ${statusCode} ${statusMessage}\r\n`;
  for (let index = 0; index < fields.length; index += 2) {
    text += `${fields[index]}: ${fields[index + 1]}\r\n`;
  }
  return Buffer.from(`${text}\r\n`, 'latin1');
}

function interruption(signal: AbortSignal | undefined, route: EngineRoute): Fault {
  const reason: unknown = signal?.reason;
  if (reason instanceof Fault) return reason;
  return new Fault('environment-down', `The connection to ${route.address} was given up.`);
}

/** What a failed exchange with the engine means, before anything was answered. */
export function passFault(error: unknown, route: EngineRoute): Fault {
  if (errorCode(error) === 'ERR_UNESCAPED_CHARACTERS' || errorCode(error) === 'ERR_INVALID_CHAR') {
    return asFault(
      error,
      'bad-request',
      'The path or a header holds characters that may not be sent.',
    );
  }
  return dialFault(error, route.address);
}
