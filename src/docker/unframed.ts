/**
 * The stream of an exec or attach without a terminal, its 8-byte frame heads taken off (Engine API, "Stream format"):
 * stdout and stderr come out in the order in which the engine sent them.
 */
import { type Duplex, Transform } from 'node:stream';
import { readThrough } from './read-through.ts';

const HEADER_BYTES = 8;

/** What is written goes on as it is; what is read has no heads. Destroying it destroys the stream beneath. */
export function unframed(raw: Duplex): Duplex {
  const bare = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const piece of frames.take(chunk)) this.push(piece);
      done();
    },
  });
  const frames = new FrameCutter();
  return readThrough(raw, bare);
}

/** Cuts such a stream as it comes, in pieces of any size. */
export class FrameCutter {
  #head = Buffer.alloc(0);
  #left = 0;

  *take(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const missing = HEADER_BYTES - this.#head.length;
        this.#head = Buffer.concat([this.#head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#head.length < HEADER_BYTES) return;
        this.#left = this.#head.readUInt32BE(4);
        this.#head = Buffer.alloc(0);
        continue;
      }
      const piece = rest.subarray(0, this.#left);
      this.#left -= piece.length;
      rest = rest.subarray(piece.length);
      yield piece;
    }
  }
}
