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
  #isListening = false;

  constructor(options: TerminalInputOptions) {
    this.#options = options;
    options.stream.on('error', this.#onLost);
    options.stream.on('end', this.#onLost);
  }

  start(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#decoder = new KeyDecoder();
    this.#text = new StringDecoder('utf8');
    this.#options.stream.on('data', this.#onData);
    this.#options.stream.resume();
  }

  stop(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#forget();
    this.#options.stream.off('data', this.#onData);
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
    this.#deliver(this.#decoder.feed(this.#text.write(bytes)));
    this.#watch();
  };

  #deliver(tokens: readonly InputToken[]): void {
    for (const token of tokens) {
      if (this.#isListening) this.#options.onToken(token);
    }
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
