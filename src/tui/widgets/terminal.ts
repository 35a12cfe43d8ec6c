/**
 * The terminal as the console uses it: keys come in, frames go out, and it is given back on every way out.
 * The only file that paints; everybody else asks for a paint.
 */
import { Fault } from '../../protocol/fault.ts';
import type { Size } from '../screens/view.ts';
import { type CopyOutcome, sendToClipboard } from './clipboard.ts';
import { FullScreen } from './full-screen.ts';
import type { InputToken } from './key-decoder.ts';
import { LineWriter } from './line-writer.ts';
import { Loan, type LoanEnd, type LoanRequest } from './loan.ts';
import { PaintClock, type PaintReason, realTiming, type Timing } from './paint-clock.ts';
import type { Presentation } from './presentation.ts';
import { ProcessEnd } from './process-end.ts';
import { runOnTerminal, stopGroup } from './step-aside.ts';
import type { PaintStats, Terminal, TerminalOptions } from './terminal-contract.ts';
import { TerminalInput } from './terminal-input.ts';
import { escTimeoutOf, linearKind, type TerminalKind, terminalKind } from './terminal-kind.ts';
import { TerminalLook } from './terminal-look.ts';
import { ASK_SYNCHRONIZED, synchronized, synchronizedAnswer } from './terminal-modes.ts';
import { TerminalOutput } from './terminal-output.ts';
import { TerminalSize } from './terminal-size.ts';

export type { KeyPress } from './key-names.ts';
export type { Terminal, TerminalOptions } from './terminal-contract.ts';

/** Takes the terminal over; a Fault (bad-settings) when there is none or it can't show a console. */
export function openTerminal(options: TerminalOptions): Terminal {
  const env = options.env ?? process.env;
  const hasKeys = process.stdin.isTTY || options.mayLackKeys === true;
  if (!hasKeys || !process.stdout.isTTY) {
    throw new Fault(
      'bad-settings',
      'The console needs a terminal, but standard input or output is not one: run it in a terminal, or use the output in plain text (fleet-tui | cat).',
    );
  }
  const kind = options.linear ? linearKind(env) : terminalKind(env);
  if (typeof kind === 'string') throw new Fault('bad-settings', kind);
  return new ConsoleTerminal(options, kind, env);
}

/** Without a keyboard there is nothing to set. */
function setRaw(isRaw: boolean): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(isRaw);
}

const CLOSED = 'The terminal was closed.';

/** On the screen, stepped aside for another program, or given back for good. */
type Place = 'on-screen' | 'aside' | 'closed';

class ConsoleTerminal implements Terminal {
  readonly #options: TerminalOptions;
  readonly #kind: TerminalKind;
  readonly #output: TerminalOutput;
  readonly #input: TerminalInput;
  readonly #size: TerminalSize;
  readonly #show: Presentation;
  readonly #clock: PaintClock;
  readonly #end: ProcessEnd;
  readonly #timing: Timing;
  #told: Size;
  #place: Place = 'aside';
  #loan: Loan | undefined;
  #isSynchronized: boolean;
  #hasAsked = false;
  #painted = 0;
  #lastPaintMs = 0;

  constructor(options: TerminalOptions, kind: TerminalKind, env: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#kind = kind;
    this.#timing = options.timing ?? realTiming;
    this.#isSynchronized = kind.isSynchronized;
    this.#size = new TerminalSize(() => this.#resized());
    this.#told = this.size;
    this.#show = options.linear
      ? new LineWriter({ glyph: new TerminalLook(options, kind).pen.glyph, hasModes: kind.mayAsk })
      : this.#fullScreen();
    this.#output = new TerminalOutput({
      onDrained: () => this.#clock.frameLeft(),
      onLost: (error) =>
        this.#lost(`The terminal can't be written to any more (${error.message}).`),
    });
    this.#input = new TerminalInput({
      stream: process.stdin,
      escTimeoutMs: options.escTimeoutMs ?? escTimeoutOf(env),
      onToken: (token) => this.#onToken(token),
      onLost: () => this.#lost(CLOSED),
    });
    this.#clock = new PaintClock({
      timing: this.#timing,
      isSlowLine: Boolean(env.SSH_TTY || env.SSH_CONNECTION),
      mayPaint: () => this.#output.isDrained,
      paint: () => this.#paint(),
    });
    this.#end = new ProcessEnd({
      restore: () => this.#leave('closed'),
      onSignal: (signal) => this.#onSignal(signal),
    });
    process.on('SIGTSTP', this.suspend);
    process.on('SIGCONT', this.#onContinue);
    this.#enter();
  }

  get size(): Size {
    return this.#size.size;
  }

  requestPaint(why: PaintReason): void {
    this.#clock.request(why);
  }

  redraw(): void {
    this.#show.forget();
    this.#clock.request('key');
  }

  copy(text: string): CopyOutcome {
    // Terminals that print what they don't know must not be told a secret.
    if (!this.#kind.mayAsk || this.#place !== 'on-screen') return 'no-clipboard';
    return sendToClipboard(text, this.#options.env ?? process.env, this.#output);
  }

  stats(): PaintStats {
    const { skipped } = this.#clock;
    const { color, ascii: isAscii = this.#kind.isAscii } = this.#options;
    const colors = color === false ? 0 : this.#kind.colors;
    const paints = { painted: this.#painted, skipped, lastPaintMs: this.#lastPaintMs };
    return { ...paints, colors, isAscii, isSynchronized: this.#isSynchronized };
  }

  readonly suspend = (): void => {
    if (this.#place !== 'on-screen') return;
    this.#leave('aside');
    process.off('SIGTSTP', this.suspend);
    stopGroup(() => {
      if (this.#place === 'closed') return;
      process.on('SIGTSTP', this.suspend);
      this.#enter();
    });
  };

  async handOver(child: Parameters<typeof runOnTerminal>[0]): Promise<number> {
    if (this.#place !== 'on-screen') return 127;
    this.#leave('aside');
    process.off('SIGTSTP', this.suspend);
    try {
      return await runOnTerminal(child);
    } finally {
      if (this.#isAside()) {
        process.on('SIGTSTP', this.suspend);
        this.#enter();
      }
    }
  }

  async lend(request: LoanRequest): Promise<LoanEnd> {
    if (this.#place !== 'on-screen') return 'left';
    this.#leave('aside', { keepsRaw: true });
    const loan = new Loan(request, {
      input: this.#input,
      output: this.#output,
      size: () => this.size,
    });
    this.#loan = loan;
    try {
      return await loan.run();
    } finally {
      this.#loan = undefined;
      if (this.#isAside()) this.#enter(loan.rest);
    }
  }

  close(): void {
    if (this.#place === 'closed') return;
    this.#leave('closed');
    process.off('SIGTSTP', this.suspend);
    process.off('SIGCONT', this.#onContinue);
    this.#input[Symbol.dispose]();
    this.#end[Symbol.dispose]();
    this.#size[Symbol.dispose]();
    this.#show[Symbol.dispose]();
    this.#output[Symbol.dispose]();
  }

  #enter(ahead?: Buffer): void {
    this.#place = 'on-screen';
    // Once only: an answer that comes while the terminal is lent would be typed into a shell.
    const isAsking = this.#kind.mayAsk && !this.#hasAsked && this.#show.isPicture;
    const question = isAsking ? ASK_SYNCHRONIZED : '';
    this.#hasAsked = true;
    this.#output.writeNow(this.#show.enter() + question);
    this.#takeOver();
    if (process.stdin.isTTY) this.#input.start(ahead);
    this.#clock.resume();
    this.#clock.request('key');
  }

  #takeOver(): void {
    setRaw(true);
    this.#output.writeNow(this.#show.modes());
    this.#show.forget();
    this.#size.refresh();
    this.#tellSize();
  }

  #leave(place: 'aside' | 'closed', { keepsRaw = false } = {}): void {
    const wasOnScreen = this.#place === 'on-screen';
    if (this.#place !== 'closed') this.#place = place;
    this.#loan?.abandon();
    if (!wasOnScreen) return;
    this.#clock.pause();
    this.#input.stop();
    this.#output.dropPending();
    this.#output.writeNow(this.#show.leave());
    if (!keepsRaw) setRaw(false);
  }

  #isAside(): boolean {
    return this.#place === 'aside';
  }

  #paint(): void {
    const startedAt = this.#timing.now();
    const bytes = this.#show.bytesOf(this.#options.render(this.size), this.size);
    const isWhole = this.#isSynchronized && this.#show.isPicture;
    if (bytes !== '') this.#output.write(isWhole ? synchronized(bytes) : bytes);
    this.#painted++;
    this.#lastPaintMs = this.#timing.now() - startedAt;
  }

  #resized(): void {
    this.#loan?.resized();
    if (this.#place !== 'on-screen') return;
    if (this.#show.isPicture) this.#show.forget();
    this.#tellSize();
    this.#clock.request('key');
  }

  #fullScreen(): FullScreen {
    const look = new TerminalLook(this.#options, this.#kind);
    return new FullScreen(look, this.#size.size, () => this.requestPaint('data'));
  }

  #tellSize(): void {
    const { width, height } = this.#told;
    this.#told = this.size;
    if (width !== this.#told.width || height !== this.#told.height)
      this.#options.onResize(this.#told);
  }

  #onToken(token: InputToken): void {
    if (token.kind === 'key') this.#options.onKey(token.key);
    else if (token.kind === 'paste') this.#options.onPaste(token.text);
    else this.#onReply(token.text);
  }

  #onReply(text: string): void {
    this.#isSynchronized = synchronizedAnswer(text) ?? this.#isSynchronized;
    const pointer = this.#show.pointer(text);
    if (pointer) this.#options.onPointer?.(pointer);
  }

  /** Continued without having been stopped through us: the shell has had the terminal and set it its own way. */
  readonly #onContinue = (): void => {
    this.#loan?.takeAgain();
    if (this.#place !== 'on-screen') return;
    setRaw(false);
    this.#takeOver();
    this.#clock.request('key');
  };

  #onSignal(signal: NodeJS.Signals): boolean {
    const isForChild = this.#isAside() && (signal === 'SIGINT' || signal === 'SIGQUIT');
    if (isForChild) return false;
    if (signal === 'SIGHUP') this.#options.onLost(CLOSED);
    return true;
  }

  #lost(reason: string): void {
    if (this.#place === 'closed') return;
    this.#options.onLost(reason);
    this.#leave('closed');
    process.exit(129);
  }
}
