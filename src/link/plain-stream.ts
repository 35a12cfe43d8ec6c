/**
 * A plain stream around one that Node treats specially: given a TLSSocket or an HTTP/2 stream, node:http and node:http2
 * reach for its native handle, which hangs or garbles where that handle is not a socket's.
 */
import { constants, type Http2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { countPassing } from './passing-bytes.ts';

export interface PlainStreamOptions {
  /** Whether one direction may end before the other. */
  readonly allowHalfOpen: boolean;
  /** Ends the inner stream when this one is destroyed; destroys it by default. */
  readonly abort?: (inner: Duplex) => void;
}

export class PlainStream extends Duplex {
  readonly #inner: Duplex;
  readonly #abort: (inner: Duplex) => void;
  /** What has come in this turn of the event loop: one message of the transport makes many small pieces. */
  #arrived: Buffer[] = [];
  /** Of the write that waits for room. */
  #written: () => void = () => {};

  constructor(inner: Duplex, options: PlainStreamOptions) {
    super({
      readableHighWaterMark: 256 * 1024,
      writableHighWaterMark: 256 * 1024,
      allowHalfOpen: options.allowHalfOpen,
    });
    this.#inner = inner;
    this.#abort = options.abort ?? ((stream) => stream.destroy());
    inner.on('data', (data: Buffer) => {
      if (this.destroyed) return;
      countPassing(data.length);
      if (this.#arrived.push(data) === 1) process.nextTick(() => this.#deliver());
    });
    inner.on('end', () => {
      this.#deliver();
      if (!this.destroyed) this.push(null);
      // Node keeps an HTTP/2 stream that the peer closed as long as a write waits that nobody will ever take.
      if ((inner as Partial<Http2Stream>).rstCode !== undefined && inner.closed) inner.destroy();
    });
    inner.on('drain', () => this.#written());
    inner.on('close', () => {
      this.#deliver();
      // A write that waits for room in a closed stream would hold up the end of this one for ever.
      this.#written();
      // What was pushed but not yet read must still be readable, unless the peer gave up: then nobody may ever read it.
      const { rstCode } = inner as Partial<Http2Stream>;
      const isGivenUp = rstCode === constants.NGHTTP2_CANCEL;
      if (!isGivenUp && !this.readableEnded && inner.readableEnded)
        this.once('end', () => this.destroy());
      else this.destroy();
    });
    inner.on('error', (error) => this.destroy(error));
  }

  #deliver(): void {
    const [first, ...more] = this.#arrived;
    this.#arrived = [];
    if (first === undefined || this.destroyed) return;
    const isWelcome = this.push(more.length === 0 ? first : Buffer.concat([first, ...more]));
    if (!isWelcome) this.#inner.pause();
  }

  // What node:http calls on a socket and a stream in a link has no use for: its transport looks after these.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    if (this.#inner.isPaused()) this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    countPassing(chunk.length);
    if (this.#inner.destroyed || this.#inner.write(chunk)) {
      done();
      return;
    }
    this.#written = () => {
      this.#written = () => {};
      done();
    };
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: () => void): void {
    if (this.allowHalfOpen) {
      // Finished only when the inner one is: who destroys this stream then must not lose what was written last.
      this.#inner.end(() => done());
      return;
    }
    // The TLS under HTTP/2: Node aborts the process when a session writes while a slow end of its stream is under way.
    this.#inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#abort(this.#inner);
    done(error);
  }
}
