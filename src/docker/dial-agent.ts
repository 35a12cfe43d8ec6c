/**
 * A node:http connection pool whose connections are opened by a function of ours (socket, TCP, TLS with a pin, a stream of a link).
 * Its sockets are half-open on purpose, so that stdin of a hijacked exec can end before its output does.
 */
import { Agent, type ClientRequest, type ClientRequestArgs } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Opens one connection, ready for the first HTTP byte; rejects with a Fault within its own deadline. */
export type Dial = () => Promise<Duplex>;

/** Shorter than the 65 s for which our own agent and server keep an idle connection. */
const IDLE_TIMEOUT_MS = 15_000;

/** A pool over `dial`; a failed dial becomes the request's 'error', unchanged. */
export class DialAgent extends Agent {
  readonly #dial: Dial;
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(dial: Dial) {
    // As many as Node keeps by itself: whoever asks of some hundred containers at once does so again.
    super({ keepAlive: true, maxFreeSockets: 256, timeout: IDLE_TIMEOUT_MS });
    this.#dial = dial;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#dial().then(
      (socket) => callback?.(null, socket),
      // Node's declaration wants a stream even with an error; it is never looked at.
      (error: unknown) => callback?.(error as Error, undefined as unknown as Duplex),
    );
    return undefined;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    // A half-open socket would stay in the pool after the peer said goodbye.
    socket.on('end', closeIdle);
    socket.resume();
    // A stream in a link has no idle time of its own.
    if (!(socket instanceof Socket)) this.#endWhenIdle(socket);
    // Node returns whether to keep it; @types/node declares void.
    return super.keepSocketAlive(socket) as unknown as boolean;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('end', closeIdle);
    // The idle time is for the pool, not for an event stream in which nothing happens.
    if (socket instanceof Socket) socket.setTimeout(0);
    clearTimeout(this.#idle.get(socket));
    super.reuseSocket(socket, request);
  }

  #endWhenIdle(socket: Duplex): void {
    const timer = setTimeout(() => socket.destroy(), IDLE_TIMEOUT_MS).unref();
    this.#idle.set(socket, timer);
  }
}

function closeIdle(this: Duplex): void {
  this.destroy();
}
