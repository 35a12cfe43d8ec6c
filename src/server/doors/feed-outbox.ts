/**
 * What a console is told, in order and no faster than it reads: a large snapshot leaves part by part, each written down when there
 * is room for it, and what happens meanwhile waits behind it.
 */
import type { WebSocket } from 'ws';

/** So much on its way is enough to keep a line busy. */
const ROOM_BYTES = 1 << 20;

export class FeedOutbox {
  readonly #socket: WebSocket;
  readonly #mostBytes: number;
  readonly #tooSlow: () => void;
  /** What is being told first; the others wait. */
  readonly #waiting: Iterator<string>[] = [];
  #waitingBytes = 0;

  /** `tooSlow` is called when more than so many bytes wait for the console; it closes the socket, and nothing is told any more. */
  constructor(socket: WebSocket, mostBytes: number, tooSlow: () => void) {
    this.#socket = socket;
    this.#mostBytes = mostBytes;
    this.#tooSlow = tooSlow;
  }

  /** Texts that are made as they leave. */
  tellAll(texts: Iterable<string>): void {
    this.#waiting.push(texts[Symbol.iterator]());
    this.#send();
  }

  tell(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount + this.#waitingBytes > this.#mostBytes) {
      this.#tooSlow();
      return;
    }
    this.#waitingBytes += text.length;
    this.#waiting.push(this.#counted(text));
    this.#send();
  }

  *#counted(text: string): Generator<string> {
    this.#waitingBytes -= text.length;
    yield text;
  }

  readonly #send = (): void => {
    const socket = this.#socket;
    while (socket.readyState === socket.OPEN && socket.bufferedAmount < ROOM_BYTES) {
      const [first] = this.#waiting;
      if (!first) return;
      const next = first.next();
      if (next.done) this.#waiting.shift();
      else socket.send(next.value, this.#send);
    }
  };
}
