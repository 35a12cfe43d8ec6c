/**
 * The terminal's input as keys: decodes UTF-8 and gives the decoder its patience.
 * A lone ESC waits `escTimeoutMs`; a sequence already begun waits longer, for nobody types one by hand.
 */
import { StringDecoder } from 'node:string_decoder';
import { type InputToken, KeyDecoder, type Waiting } from './key-decoder.ts';

const SEQUENCE_PATIENCE_MS = 500;
const PASTE_PATIENCE_MS = 2000;

/** The part of `process.stdin` that is used; a test hands in a stream of its own. */
export interface InputStream {
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
  off(event: 'data', listener: (bytes: Buffer) => void): unknown;
  off(event: 'error' | 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface TerminalInputOptions {
  readonly stream: InputStream;
  readonly escTimeoutMs: number;
  onToken(token: InputToken): void;
  /** Nothing will ever come again. */
  onLost(): void;
}

/** Listens between `start` and `stop`; what was typed ahead of a `stop` stays in the terminal for whoever reads next. */
export class TerminalInput implements Disposable {
  readonly #options: TerminalInputOptions;
  #decoder = new KeyDecoder();
  #text = new StringDecoder('utf8');
  #timer: NodeJS.Timeout | undefined;
  #timed = -1;
  #listener: ((bytes: Buffer) => void) | undefined;
  /** Index of the token that is being handled, and what came in the same read but is no whole character yet. */
  #delivering: number | undefined;
  #unfinished: Buffer = Buffer.alloc(0);

  constructor(options: TerminalInputOptions) {
    this.#options = options;
    options.stream.on('error', this.#onLost);
    options.stream.on('end', this.#onLost);
  }

  /** `ahead` are bytes that somebody else has read and that are for us. */
  start(ahead?: Buffer): void {
    if (this.#listener) return;
    this.#decoder = new KeyDecoder();
    this.#text = new StringDecoder('utf8');
    this.#listen(this.#onData);
    if (ahead && ahead.length > 0) this.#onData(ahead);
  }

  /** Hands bytes over as they come, first those that came behind the key being handled; until `stop`. */
  divert(take: (bytes: Buffer) => void): void {
    const rest = this.#delivering === undefined ? '' : this.#decoder.rest(this.#delivering);
    const isOurs = this.#delivering !== undefined;
    const ahead = Buffer.concat([Buffer.from(rest), ...(isOurs ? [this.#unfinished] : [])]);
    this.stop();
    this.#listen(take);
    if (ahead.length > 0) take(ahead);
  }

  stop(): void {
    if (!this.#listener) return;
    this.#options.stream.off('data', this.#listener);
    this.#listener = undefined;
    this.#forget();
    this.#options.stream.pause();
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#options.stream.off('error', this.#onLost);
    this.#options.stream.off('end', this.#onLost);
  }

  readonly #onLost = (): void => {
    this.#options.onLost();
  };

  readonly #onData = (bytes: Buffer): void => {
    const tokens = this.#decoder.feed(this.#text.write(bytes));
    this.#unfinished = unfinishedCharacter(bytes);
    this.#deliver(tokens);
    this.#watch();
  };

  get #isListening(): boolean {
    return this.#listener === this.#onData;
  }

  #listen(listener: (bytes: Buffer) => void): void {
    this.#listener = listener;
    this.#options.stream.on('data', listener);
    this.#options.stream.resume();
  }

  #deliver(tokens: readonly InputToken[]): void {
    for (const [index, token] of tokens.entries()) {
      if (!this.#isListening) break;
      this.#delivering = index;
      this.#options.onToken(token);
    }
    this.#delivering = undefined;
  }

  #patienceMs(waiting: Waiting): number {
    if (waiting === 'paste') return PASTE_PATIENCE_MS;
    if (waiting === 'sequence') return Math.max(SEQUENCE_PATIENCE_MS, this.#options.escTimeoutMs);
    return this.#options.escTimeoutMs;
  }

  /** One deadline for each unfinished sequence, however often more of it comes; a paste may go on as long as it comes. */
  #watch(): void {
    const waiting = this.#isListening ? this.#decoder.waiting : 'nothing';
    const isSame = this.#timed === this.#decoder.finished && waiting === 'sequence';
    if (isSame && this.#timer) return;
    this.#forget();
    if (waiting === 'nothing') return;
    this.#timed = waiting === 'sequence' ? this.#decoder.finished : -1;
    this.#timer = setTimeout(() => {
      this.#forget();
      this.#deliver(this.#decoder.giveUp());
    }, this.#patienceMs(waiting));
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timed = -1;
  }
}

/** The bytes at the end of a read that begin a UTF-8 character without finishing it. */
function unfinishedCharacter(bytes: Buffer): Buffer {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return bytes.subarray(bytes.length - (wanted > length ? length : 0));
  }
  return Buffer.alloc(0);
}
