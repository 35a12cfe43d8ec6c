/**
 * How many streams of a link may be aborted: Node 20 ends a whole HTTP/2 session after about 1,000 quick stream resets.
 * A stream beyond the budget is ended and its rest thrown away; it is reset when there is room and it still goes on.
 */
import { constants, type Http2Stream } from 'node:http2';
import { monotonicMs } from '../protocol/monotonic.ts';

export const RESET_BURST = 500;
export const RESETS_PER_SECOND = 20;

export class ResetBudget {
  /** In the order of their aborts. */
  readonly #draining = new Set<Http2Stream>();
  #left = RESET_BURST;
  #countedAtMs = monotonicMs();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Ends the stream for good; nothing more of it is kept. */
  abort(stream: Http2Stream): void {
    if (this.#isClosed || stream.destroyed || stream.session?.destroyed !== false) return;
    // Both ways are done: it closes by itself, and a reset could be written to a connection that ends, which aborts Node.
    if (stream.readableEnded && stream.writableFinished) return;
    if (this.#draining.size === 0 && this.#take()) reset(stream);
    else this.#drain(stream);
  }

  /** For the end of the link, which destroys its streams: a reset would be written to a connection that ends. */
  close(): void {
    clearTimeout(this.#timer);
    this.#isClosed = true;
  }

  #drain(stream: Http2Stream): void {
    this.#draining.add(stream);
    stream.once('close', () => this.#draining.delete(stream));
    stream.resume();
    if (!stream.writableEnded) stream.end();
    this.#timer ??= setTimeout(() => this.#resetSome(), 1_000 / RESETS_PER_SECOND);
  }

  #resetSome(): void {
    this.#timer = undefined;
    for (const stream of this.#draining) {
      if (!this.#take()) break;
      this.#draining.delete(stream);
      reset(stream);
    }
    if (this.#draining.size === 0) return;
    this.#timer = setTimeout(() => this.#resetSome(), 1_000 / RESETS_PER_SECOND);
  }

  #take(): boolean {
    const nowMs = monotonicMs();
    const earned = ((nowMs - this.#countedAtMs) * RESETS_PER_SECOND) / 1_000;
    this.#left = Math.min(RESET_BURST, this.#left + earned);
    this.#countedAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Tells the peer that we gave up, unless it has all that we had to say. */
function reset(stream: Http2Stream): void {
  if (!stream.writableFinished && !stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
}
