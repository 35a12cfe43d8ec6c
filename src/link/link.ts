/**
 * The link: one authenticated connection between a server and an agent, with HTTP/2 streams in it. Whoever dialled, the
 * server's end is the client of both the inner TLS and HTTP/2. Each stream is a byte connection on which both ends speak
 * plain HTTP/1.1, so that hijacked calls, half-close and duplicate headers need nothing special.
 */
import { X509Certificate } from 'node:crypto';
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Session,
  type Http2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { asFault, Fault } from '../protocol/fault.ts';
import { monotonicMs } from '../protocol/monotonic.ts';
import { PlainStream } from './plain-stream.ts';
import { ResetBudget } from './reset-budget.ts';
import { type TlsIdentity, type TlsPipe, tlsClient, tlsServer } from './tls-pipe.ts';

/** How long the whole handshake may take. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
export const PING_INTERVAL_MS = 15_000;
/**
 * Intervals without a word from the peer after which an end asks for one. The agent's end asks first, and each of its questions
 * spares the server one: with thousands of links they are most of what it does at rest.
 */
const QUIET_INTERVALS = { agent: 2 / 3, server: 4 / 3 } as const;
const LOOKS_PER_INTERVAL = 3;
/** No frame of any kind for this long means that the peer is dead. */
export const SILENCE_LIMIT_MS = 40_000;
/** For how long a link whose peer or transport is gone may still deliver what has arrived. */
const FINISH_MS = 500;

const SESSION = {
  settings: {
    initialWindowSize: 1 << 20,
    maxFrameSize: 64 * 1024,
    maxConcurrentStreams: 1000,
    enablePush: false,
  },
  maxSessionMemory: 256,
} as const;
/**
 * On the way at once each way, of all streams together: no more than of one alone. Node's HTTP/2 reads nothing while a write of its
 * own is under way, so what both ends may write must fit into the kernels between them, or each waits for the other for ever.
 */
const SESSION_WINDOW_BYTES = 1 << 20;
/** No date: nobody reads it, and to write it Node would load ICU's time zones into an agent that rests. */
const OPENED = { endStream: false, sendDate: false };

/** The transport under a link. */
export interface LinkPipe extends Duplex {
  /** So far, as a sign of life. */
  readonly bytesRead: number;
}

export interface LinkParts {
  readonly identity: TlsIdentity;
  /** Judges the peer by its certificate's key; a Fault ends the handshake before any stream exists. */
  checkPeer(certificate: X509Certificate): Fault | undefined;
  /** Shortened in tests. */
  readonly pingIntervalMs?: number;
  readonly silenceLimitMs?: number;
}

/** Why a link is no more; `cut` when nobody closed it on purpose. */
export interface LinkEnd {
  readonly kind: 'closed' | 'cut';
  readonly sentence: string;
}

export interface Link extends AsyncDisposable {
  readonly peerCertificate: X509Certificate;
  /** See TlsPipe: a proof over it can be neither replayed nor relayed. */
  readonly exporter: Buffer;
  /** A new byte connection to the agent; only the server's end can open one. Throws Fault unreachable when the link has ended. */
  open(): Duplex;
  /** Round-trip time in milliseconds. */
  ping(): Promise<number>;
  readonly ended: Promise<LinkEnd>;
}

/** The server's (or a console's) end over an open byte stream. */
export async function linkFromServer(pipe: LinkPipe, parts: LinkParts): Promise<Link> {
  const tls = await secure(pipe, parts, tlsClient);
  const session = connect('http://agent', { createConnection: () => tls.stream, ...SESSION });
  await readySession(session, tls.stream);
  return new SessionLink({ session, stream: tls.stream, pipe }, tls, parts, 'server');
}

/** The agent's end; `serve` gets every byte connection that the server opens. */
export async function linkFromAgent(
  pipe: LinkPipe,
  parts: LinkParts,
  serve: (connection: Duplex) => void,
): Promise<Link> {
  const tls = await secure(pipe, parts, tlsServer);
  const server = createServer({ ...SESSION, streamResetBurst: 1000, streamResetRate: 33 } as never);
  const session = await new Promise<Http2Session>((resolve) => {
    server.once('session', resolve);
    server.emit('connection', tls.stream);
  });
  const link = new SessionLink({ session, stream: tls.stream, pipe }, tls, parts, 'agent');
  session.on('stream', (stream) => {
    stream.on('error', () => {});
    // Its reset came with it.
    if (stream.destroyed || stream.closed) return;
    stream.respond({ ':status': 200 }, OPENED);
    serve(link.adopt(stream));
  });
  session.setLocalWindowSize(SESSION_WINDOW_BYTES);
  return link;
}

async function secure(
  pipe: LinkPipe,
  parts: LinkParts,
  side: (pipe: LinkPipe, own: TlsIdentity, signal: AbortSignal) => Promise<TlsPipe>,
): Promise<TlsPipe> {
  const tls = await side(pipe, parts.identity, AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS)).catch(
    (thrown) => {
      pipe.destroy();
      throw asFault(thrown, 'bad-peer', 'The handshake failed.');
    },
  );
  const refusal = parts.checkPeer(tls.peerCertificate);
  if (!refusal) return tls;
  tls.stream.destroy();
  throw refusal;
}

async function readySession(session: ClientHttp2Session, stream: Duplex): Promise<void> {
  const signal = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS);
  await new Promise<void>((resolve, reject) => {
    const fail = () => {
      session.destroy();
      stream.destroy();
      reject(new Fault('bad-peer', 'The peer closed the link before it was ready.'));
    };
    session.on('error', fail);
    session.once('close', fail);
    signal.addEventListener('abort', fail, { once: true });
    session.once('remoteSettings', () => {
      session.off('close', fail);
      signal.removeEventListener('abort', fail);
      resolve();
    });
  });
  session.removeAllListeners('error');
  session.setLocalWindowSize(SESSION_WINDOW_BYTES);
}

/** What a link is made of, from the top to the transport. */
interface Layers {
  readonly session: Http2Session;
  /** Inside the inner TLS. */
  readonly stream: Duplex;
  readonly pipe: LinkPipe;
}

/** Node says so much of a session that it ended by itself; all else comes from the transport. */
function whyBroken(error: Error & { readonly code?: string }): string {
  return error.code?.startsWith('ERR_HTTP2_')
    ? `The peer broke the rules of HTTP/2 or flooded the link (${error.message}).`
    : `The connection broke: ${error.message}.`;
}

class SessionLink implements Link {
  readonly exporter: Buffer;
  readonly ended: Promise<LinkEnd>;
  /** DER: a parsed one is ten times as large. */
  readonly #certificate: Buffer;
  readonly #session: Http2Session;
  readonly #layers: Layers;
  readonly #streams = new Set<Duplex>();
  readonly #resets = new ResetBudget();
  readonly #timer: NodeJS.Timeout;
  #tellEnd: (end: LinkEnd) => void = () => {};
  #end: LinkEnd | undefined;
  #heardBytes = 0;
  #heardAtMs = monotonicMs();

  constructor(layers: Layers, own: TlsPipe, parts: LinkParts, end: keyof typeof QUIET_INTERVALS) {
    const { session, pipe } = layers;
    this.#session = session;
    this.#layers = layers;
    this.#certificate = own.peerCertificate.raw;
    this.exporter = own.exporter;
    this.#timer = this.#watchSilence(parts, QUIET_INTERVALS[end]);
    session.on('error', (error: Error) => this.#note('cut', whyBroken(error)));
    session.on('goaway', () => {
      this.#note('closed', 'The peer closed the link.');
      // Node reads no further, and so might not hear of the transport's end.
      this.#finishSoon();
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    session.once('close', () => this.#finish());
    pipe.once('close', () => this.#finishSoon());
  }

  get peerCertificate(): X509Certificate {
    return new X509Certificate(this.#certificate);
  }

  open(): Duplex {
    const session = this.#session as ClientHttp2Session;
    if (session.closed || session.destroyed) {
      throw new Fault('unreachable', 'The link to the agent has ended; it comes back by itself.');
    }
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'agent' });
    return this.adopt(stream);
  }

  /** The HTTP/2 stream as a byte connection that ends with the link at the latest. */
  adopt(stream: Http2Stream): Duplex {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    const abort = () => this.#resets.abort(stream);
    return new PlainStream(stream, { allowHalfOpen: true, abort });
  }

  ping(): Promise<number> {
    return new Promise((resolve, reject) => {
      const refused = () => reject(new Fault('unreachable', 'The link has ended.'));
      if (this.#session.destroyed) return refused();
      this.#session.ping((error, durationMs) => (error ? refused() : resolve(durationMs)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#note('closed', 'This side closed the link.');
    if (!this.#session.destroyed) {
      this.#session.goaway();
      this.#session.destroy();
    }
    this.#finishSoon();
    await this.ended;
  }

  /** A session in which something waits for room to write may never close by itself, whatever becomes of its transport. */
  #finishSoon(): void {
    const timer = setTimeout(() => this.#finish(), FINISH_MS);
    void this.ended.then(() => clearTimeout(timer));
  }

  #finish(): void {
    const { session, stream: inner, pipe } = this.#layers;
    clearInterval(this.#timer);
    this.#resets.close();
    if (!session.destroyed) session.destroy();
    inner.destroy();
    pipe.destroy();
    for (const stream of this.#streams) stream.destroy();
    this.#tellEnd(this.#end ?? { kind: 'cut', sentence: 'The connection was cut.' });
  }

  #note(kind: LinkEnd['kind'], sentence: string): void {
    this.#end ??= { kind, sentence };
  }

  /** Bytes are counted now and then: who listened to each would have Node wake JavaScript for it. */
  #watchSilence(parts: LinkParts, quietIntervals: number): NodeJS.Timeout {
    const { pingIntervalMs = PING_INTERVAL_MS, silenceLimitMs = SILENCE_LIMIT_MS } = parts;
    return setInterval(() => {
      const { bytesRead } = this.#layers.pipe;
      if (bytesRead !== this.#heardBytes) this.#heardAtMs = monotonicMs();
      this.#heardBytes = bytesRead;
      const silentMs = monotonicMs() - this.#heardAtMs;
      if (silentMs > silenceLimitMs) {
        this.#note('cut', `The peer has been silent for ${Math.round(silentMs / 1000)} s.`);
        this.#session.destroy();
        this.#finishSoon();
      } else if (silentMs >= quietIntervals * pingIntervalMs && !this.#session.destroyed) {
        this.#session.ping(() => undefined);
      }
    }, pingIntervalMs / LOOKS_PER_INTERVAL);
  }
}
