/**
 * What an engine's raw stream says, as text. Characters that arrive in two pieces are put together; without a terminal
 * the stream comes in frames of stdout and stderr (Engine API, "Stream format"), whose headers are taken off.
 */
import { StringDecoder } from 'node:string_decoder';

export interface TerminalText {
  /** The text that is complete with this chunk; '' when there is none yet. */
  push(chunk: Buffer): string;
}

const HEADER_BYTES = 8;

/** With a terminal: the bytes as they are. Without: frames. */
export function terminalText(isTty: boolean): TerminalText {
  if (!isTty) return new FramedText();
  const decoder = new StringDecoder('utf8');
  return { push: (chunk) => decoder.write(chunk) };
}

class FramedText implements TerminalText {
  readonly #decoders = new Map<number, StringDecoder>();
  #header: Buffer = Buffer.alloc(0);
  #stream = 1;
  /** Bytes of the current frame that are still to come. */
  #due = 0;

  push(chunk: Buffer): string {
    let text = '';
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#due === 0) {
        rest = this.#readHeader(rest);
        continue;
      }
      const part = rest.subarray(0, this.#due);
      text += this.#decoder().write(part);
      this.#due -= part.length;
      rest = rest.subarray(part.length);
    }
    return text;
  }

  #readHeader(bytes: Buffer): Buffer {
    const missing = HEADER_BYTES - this.#header.length;
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, missing)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#stream = this.#header.readUInt8(0);
      this.#due = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return bytes.subarray(missing);
  }

  #decoder(): StringDecoder {
    let decoder = this.#decoders.get(this.#stream);
    if (!decoder) {
      decoder = new StringDecoder('utf8');
      this.#decoders.set(this.#stream, decoder);
    }
    return decoder;
  }
}
