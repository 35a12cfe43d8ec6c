/**
 * A WebSocket as a byte stream. Message borders mean nothing; a writer waits only while much is unsent, which is
 * two to three times cheaper than waiting for every message as the ws package's own stream does.
 */
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { LinkPipe } from './link.ts';

/** Unsent bytes from which on a writer waits. */
const UNSENT_LIMIT_BYTES = 1 << 20;
/** Small writes are gathered up to this size, so that a frame's header is paid once. */
const GATHER_BYTES = 64 * 1024;

const SEND = { binary: true, compress: false } as const;

class WebsocketPipe extends Duplex implements LinkPipe {
  readonly #socket: WebSocket;
  bytesRead = 0;

  constructor(socket: WebSocket) {
    super({
      readableHighWaterMark: 256 * 1024,
      writableHighWaterMark: 256 * 1024,
      allowHalfOpen: false,
    });
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.destroy(new Error('a text message came where only bytes may travel'));
      else this.#take(data);
    });
    socket.on('close', () => {
      this.push(null);
      this.destroy();
    });
    socket.on('error', (error) => this.destroy(error));
  }

  #take(data: Buffer): void {
    this.bytesRead += data.length;
    if (!this.push(data)) this.#socket.pause();
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const batches = gather(chunks.map(({ chunk }) => chunk));
    const last = batches.pop() ?? Buffer.alloc(0);
    for (const batch of batches) if (this.#isOpen) this.#socket.send(batch, SEND);
    this.#send(last, done);
  }

  override _final(done: () => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    if (!this.#isOpen) done(new Error('the connection is closed'));
    else if (this.#socket.bufferedAmount + chunk.length < UNSENT_LIMIT_BYTES) {
      this.#socket.send(chunk, SEND);
      done();
    } else {
      this.#socket.send(chunk, SEND, (error) => done(error ?? null));
    }
  }
}

function gather(chunks: readonly Buffer[]): Buffer[] {
  const batches: Buffer[] = [];
  let batch: Buffer[] = [];
  let size = 0;
  const flush = () => {
    if (batch.length > 0)
      batches.push(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
    batch = [];
    size = 0;
  };
  for (const chunk of chunks) {
    batch.push(chunk);
    size += chunk.length;
    if (size >= GATHER_BYTES) flush();
  }
  flush();
  return batches;
}

/** The open WebSocket's binary messages as one byte stream each way; ends with it and ends it. */
export function websocketPipe(socket: WebSocket): LinkPipe {
  return new WebsocketPipe(socket);
}
