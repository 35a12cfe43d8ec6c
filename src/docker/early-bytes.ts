/**
 * What a client sends on an upgraded connection before the engine has answered: first the request's own body, then
 * bytes of the stream to be, which are held until there is one.
 */
import type { Duplex } from 'node:stream';
import { Fault } from '../protocol/fault.ts';

/** Past this, the client is not read until the engine has answered. */
const HELD_LIMIT_BYTES = 64 << 10;
const BODY_TIMEOUT_MS = 30_000;

export class EarlyBytes {
  readonly #socket: Duplex;
  #held: Buffer[];
  #size: number;
  #hasEnded = false;
  #news: () => void = () => {};
  readonly #onData = (chunk: Buffer) => {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size > HELD_LIMIT_BYTES) this.#socket.pause();
    this.#news();
  };
  readonly #onEnd = () => {
    this.#hasEnded = true;
    this.#news();
  };

  /** Starts reading `socket`; `head` is what was read of it already. */
  constructor(socket: Duplex, head: Buffer) {
    this.#socket = socket;
    this.#held = [head];
    this.#size = head.length;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
  }

  /** The first `length` bytes; rejects with a Fault when the client ends before them or takes over 30 s. */
  async take(length: number): Promise<Buffer> {
    const timer = setTimeout(() => this.#onEnd(), BODY_TIMEOUT_MS);
    try {
      while (this.#size < length && !this.#hasEnded) {
        this.#socket.resume();
        await new Promise<void>((resolve) => {
          this.#news = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      this.#news = () => {};
    }
    if (this.#size < length) {
      throw new Fault('bad-request', 'The request ended before its body was complete.');
    }
    const all = Buffer.concat(this.#held);
    this.#held = [all.subarray(length)];
    this.#size = all.length - length;
    return all.subarray(0, length);
  }

  /** Stops reading, and sends what is held (and an end, if there was one) on to `stream`. */
  release(stream: Duplex): void {
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    if (this.#size > 0) stream.write(Buffer.concat(this.#held));
    this.#held = [];
    if (this.#hasEnded) stream.end();
  }
}
