/** What an agent's WebSocket says, out of its frames as they pass (RFC 6455, section 5.2): unmasked, since they come from a server. */

const MAX_PAYLOAD_BYTES = 4 << 20;
const OPCODE_CONTROL = 0x8;

/** Cuts a stream of frames in pieces of any size; gives the payload of data frames, in order, as it comes. */
export class WebsocketFrames {
  #kept = Buffer.alloc(0);
  #left = 0;
  #isData = false;
  #isBroken = false;

  *take(chunk: Buffer): Generator<Buffer> {
    let rest = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = Buffer.alloc(0);
    while (rest.length > 0 && !this.#isBroken) {
      if (this.#left === 0) {
        const size = this.#readHead(rest);
        if (size === undefined) {
          this.#kept = Buffer.from(rest);
          return;
        }
        rest = rest.subarray(size);
        continue;
      }
      const piece = rest.subarray(0, this.#left);
      this.#left -= piece.length;
      rest = rest.subarray(piece.length);
      if (this.#isData) yield piece;
    }
  }

  /** Bytes of the head; undefined while it is not whole. What no agent sends ends the reading. */
  #readHead(bytes: Buffer): number | undefined {
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (bytes.length < 2 + extra) return undefined;
    const isMasked = (second & 0x80) !== 0;
    const length =
      extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    this.#isBroken = isMasked || length > MAX_PAYLOAD_BYTES;
    this.#isData = (first & 0x0f & OPCODE_CONTROL) === 0;
    this.#left = length;
    return 2 + extra;
  }
}
