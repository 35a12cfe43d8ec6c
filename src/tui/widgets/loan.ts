/**
 * The terminal lent to a stream, such as a shell in a container: every byte goes there and comes from there, but for
 * ctrl-] q, which takes the terminal back whatever state the other end is in.
 */
import { spawnSync } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Size } from '../screens/view.ts';
import { LeaveWatch } from './leave-watch.ts';
import type { TerminalInput } from './terminal-input.ts';
import { AFTER_GUEST } from './terminal-modes.ts';
import type { TerminalOutput } from './terminal-output.ts';

/** Output on its way to the terminal before the stream has to wait. */
const OUTPUT_LIMIT_BYTES = 64 << 10;
/** Input that the stream does not take, beyond which more of it is dropped. */
const INPUT_LIMIT_BYTES = 1 << 20;
const STTY_DEADLINE_MS = 1_000;

export interface Guest {
  readonly stream: Duplex;
  /** `terminal` moves the cursor itself; `lines` takes lines and prints some; `output` takes nothing. */
  readonly kind: 'terminal' | 'lines' | 'output';
  resize(size: Size): void;
}

export interface LoanRequest {
  /** One printable line above the guest's own. */
  readonly banner: string;
  /** The signal fires when the person doesn't wait for it any more. */
  open(size: Size, signal: AbortSignal): Promise<Guest>;
}

/** `left`: the person took the terminal back, or there was none to lend. */
export type LoanEnd = 'ended' | 'left';

export interface LoanParts {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly size: () => Size;
}

/** One loan; expects a terminal that was left in raw mode, and leaves it so. */
export class Loan {
  readonly #request: LoanRequest;
  readonly #parts: LoanParts;
  readonly #leaving = new AbortController();
  readonly #watch = new LeaveWatch();
  #guest: Guest | undefined;
  #ahead: Buffer[] = [];
  #unsent = 0;
  #hasEnded = false;
  #isGivenBack = false;
  #end: (how: LoanEnd) => void = () => undefined;
  /** Bytes that were typed behind ctrl-] q. */
  rest: Buffer = Buffer.alloc(0);

  constructor(request: LoanRequest, parts: LoanParts) {
    this.#request = request;
    this.#parts = parts;
  }

  /** Resolves when the terminal may be taken back; rejects with what opening rejected with. */
  async run(): Promise<LoanEnd> {
    const { input, output, size } = this.#parts;
    const over = new Promise<LoanEnd>((resolve) => {
      this.#end = resolve;
    });
    this.takeAgain();
    output.writeNow(`${this.#request.banner}\r\n`);
    input.divert((bytes) => this.#onInput(bytes));
    try {
      const first = size();
      const guest = await Promise.race([this.#request.open(first, this.#leaving.signal), over]);
      if (typeof guest === 'string') return guest;
      this.#host(guest, first);
      return await over;
    } catch (thrown) {
      if (this.#leaving.signal.aborted) return 'left';
      throw thrown;
    } finally {
      this.#giveBack();
    }
  }

  /** The terminal has another size. */
  resized(): void {
    this.#guest?.resize(this.#parts.size());
  }

  /** Sets the terminal so that it adds nothing to what the guest sends; Node's raw mode still adds line ends. */
  takeAgain(): void {
    process.stdin.setRawMode(true);
    spawnSync('stty', ['raw', '-echo'], {
      stdio: ['inherit', 'ignore', 'ignore'],
      timeout: STTY_DEADLINE_MS,
    });
  }

  /** Ends at once because the program does; the terminal is as it was before the console. */
  abandon(): void {
    this.#giveBack();
    process.stdin.setRawMode(false);
    this.#leave();
  }

  #host(guest: Guest, openedAt: Size): void {
    const { stream } = guest;
    this.#guest = guest;
    const ended = (): void => {
      this.#hasEnded = true;
      this.#endWhenSent();
    };
    stream.on('data', (chunk: Buffer) => this.#print(chunk));
    stream.once('end', ended);
    stream.once('close', ended);
    stream.on('error', ended);
    stream.resume();
    if (stream.readableEnded || stream.destroyed) ended();
    for (const bytes of this.#ahead.splice(0)) this.#pass(bytes);
    const { width, height } = this.#parts.size();
    if (width !== openedAt.width || height !== openedAt.height) this.resized();
  }

  #onInput(bytes: Buffer): void {
    const { pass, rest } = this.#watch.feed(bytes);
    const isInterrupt = this.#guest?.kind !== 'terminal' && pass.includes(INTERRUPT);
    if (rest === undefined && !isInterrupt) {
      if (this.#guest) this.#pass(pass);
      else this.#ahead.push(pass);
      return;
    }
    this.rest = rest ?? Buffer.alloc(0);
    this.#leave();
  }

  #leave(): void {
    this.#leaving.abort();
    this.#end('left');
  }

  #pass(bytes: Buffer): void {
    const { stream, kind } = this.#guest ?? {};
    if (!stream?.writable || bytes.length === 0 || kind === 'output') return;
    if (stream.writableLength > INPUT_LIMIT_BYTES) return;
    if (kind === 'terminal') {
      stream.write(bytes);
      return;
    }
    const line = typedLine(bytes);
    this.#print(line);
    stream.write(line);
  }

  #print(chunk: Buffer): void {
    const stream = this.#guest?.stream;
    const bytes = this.#guest?.kind === 'terminal' ? chunk : withCarriageReturns(chunk);
    this.#unsent += bytes.length;
    if (this.#unsent > OUTPUT_LIMIT_BYTES) stream?.pause();
    this.#parts.output.write(bytes, () => {
      this.#unsent -= bytes.length;
      if (this.#unsent > 0) return;
      stream?.resume();
      this.#endWhenSent();
    });
  }

  #endWhenSent(): void {
    if (this.#hasEnded && this.#unsent === 0) this.#end('ended');
  }

  #giveBack(): void {
    if (this.#isGivenBack) return;
    this.#isGivenBack = true;
    const { input, output } = this.#parts;
    input.stop();
    this.#guest?.stream.destroy();
    this.#guest?.stream.removeAllListeners('data');
    this.#guest = undefined;
    output.dropPending();
    output.writeNow(`${AFTER_GUEST}\r\n`);
  }
}

const INTERRUPT = 0x03;
const RETURN = 0x0d;
const NEWLINE = 0x0a;
const TAB = 0x09;

/** What a program that reads lines gets for keys: a line feed for enter, and no control characters. */
function typedLine(bytes: Buffer): Buffer {
  const kept = bytes.filter((byte) => byte >= 0x20 || byte === RETURN || byte === TAB);
  return Buffer.from(kept.map((byte) => (byte === RETURN ? NEWLINE : byte)));
}

function withCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes(NEWLINE)) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
