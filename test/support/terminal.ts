/**
 * A real program in a real pty, its screen read by a terminal emulator: press keys, wait until the screen shows something.
 * Nothing here waits for a time; a wait that fails prints the screen as it was.
 */
import pty from '@lydell/node-pty';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import type { CellScreen } from './borders.ts';
import { keyBytes } from './key-bytes.ts';
import { listener } from './told.ts';

const POLL_MS = 4;
const PATIENCE_MS = 10_000;
const KILL_AFTER_MS = 2000;
/** What an ended program wrote last may still be on its way. */
const LAST_WORDS_MS = 500;

export interface TestTerminalOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
  /** On top of this process's own; an undefined value takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** TERM; xterm-256color unless told. */
  readonly term?: string;
}

/** One cell of the screen: colours as palette numbers, undefined for the terminal's own. */
export interface ScreenCell {
  readonly text: string;
  readonly width: number;
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isInverse: boolean;
  readonly isUnderlined: boolean;
}

export interface Exit {
  readonly code: number;
  /** The number of the signal that ended it, if one did. */
  readonly signal: number | undefined;
}

/** Starts the program; the screen may still be empty when this resolves. */
export async function openTestTerminal(options: TestTerminalOptions): Promise<TestTerminal> {
  return new TestTerminal(options);
}

export class TestTerminal implements AsyncDisposable {
  readonly exit: Promise<Exit>;
  readonly #emulator: Terminal;
  readonly #pty: pty.IPty;
  #raw = '';
  #unparsed = 0;
  #ended: Exit | undefined;

  constructor(options: TestTerminalOptions) {
    const { cols = 100, rows = 30, term = 'xterm-256color' } = options;
    this.#emulator = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 500 });
    this.#emulator.loadAddon(new Unicode11Addon());
    this.#emulator.unicode.activeVersion = '11';
    this.#pty = pty.spawn(options.command, [...options.args], {
      name: term,
      cols,
      rows,
      cwd: options.cwd ?? process.cwd(),
      env: environment({ TERM: term, LANG: 'C.UTF-8', ...options.env }),
    });
    this.#pty.onData((data) => this.#read(data));
    this.#emulator.onData((answer) => this.#send(answer));
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#ended = { code: exitCode, signal: signal || undefined };
        resolve(this.#ended);
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  get isCursorHidden(): boolean {
    return this.#raw.lastIndexOf('\x1b[?25l') > this.#raw.lastIndexOf('\x1b[?25h');
  }

  get isPasteMarked(): boolean {
    return this.#emulator.modes.bracketedPasteMode;
  }

  /** Whether the program asked for reports of the mouse. */
  get isMouseCaptured(): boolean {
    return this.#emulator.modes.mouseTrackingMode !== 'none';
  }

  get cursor(): { readonly top: number; readonly left: number } {
    const buffer = this.#emulator.buffer.active;
    return { top: buffer.cursorY, left: buffer.cursorX };
  }

  /** Everything the program has written so far. */
  get written(): string {
    return this.#raw;
  }

  /** The visible screen, lines without their trailing blanks. */
  screen(): string {
    const { rows } = this.#emulator;
    return Array.from({ length: rows }, (_, top) => this.line(top)).join('\n');
  }

  line(top: number): string {
    const buffer = this.#emulator.buffer.active;
    return buffer.getLine(buffer.baseY + top)?.translateToString(true) ?? '';
  }

  cell(top: number, left: number): ScreenCell {
    const buffer = this.#emulator.buffer.active;
    const cell = buffer.getLine(buffer.baseY + top)?.getCell(left);
    if (!cell) throw new Error(`The screen has no cell ${top},${left}`);
    return {
      text: cell.getChars(),
      width: cell.getWidth(),
      foreground: cell.isFgDefault() ? undefined : cell.getFgColor(),
      background: cell.isBgDefault() ? undefined : cell.getBgColor(),
      isBold: cell.isBold() !== 0,
      isDim: cell.isDim() !== 0,
      isInverse: cell.isInverse() !== 0,
      isUnderlined: cell.isUnderline() !== 0,
    };
  }

  /** The screen cell by cell, for what is to be said of columns. */
  cells(): CellScreen {
    const { cols, rows } = this.#emulator;
    const buffer = this.#emulator.buffer.active;
    const cell = (top: number, left: number) =>
      buffer
        .getLine(buffer.baseY + top)
        ?.getCell(left)
        ?.getChars() ?? '';
    return { cols, rows, cell };
  }

  /** Where a text stands on the screen, undefined when it does not. */
  find(text: string): { readonly top: number; readonly left: number } | undefined {
    for (let top = 0; top < this.#emulator.rows; top++) {
      const left = this.line(top).indexOf(text);
      if (left >= 0) return { top, left };
    }
    return undefined;
  }

  /** Presses keys by the console's names: 'j', 'enter', 'ctrl-c', 'shift-tab', … */
  press(...names: readonly string[]): void {
    this.#send(names.map(keyBytes).join(''));
  }

  /** Types the text as it is; a paste when the program has asked for pastes to be marked and `asPaste` says so. */
  type(text: string, asPaste = false): void {
    this.#send(asPaste && this.isPasteMarked ? `\x1b[200~${text}\x1b[201~` : text);
  }

  /** Resolves when the screen shows the text; rejects with the screen when it does not within `timeoutMs`. */
  async sees(text: string | RegExp, options: { readonly timeoutMs?: number } = {}): Promise<void> {
    const matches = (screen: string) =>
      typeof text === 'string' ? screen.includes(text) : text.test(screen);
    await this.until(() => matches(this.screen()), `the screen to show ${text}`, options);
  }

  /** Resolves when the screen no longer shows the text. */
  async seesNo(text: string, options: { readonly timeoutMs?: number } = {}): Promise<void> {
    await this.until(() => !this.screen().includes(text), `${text} to go away`, options);
  }

  /** Resolves when the claim holds, tried whenever the program may have written something. */
  async until(
    claim: () => boolean,
    what: string,
    { timeoutMs = PATIENCE_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<void> {
    let deadline = performance.now() + timeoutMs;
    for (let wasRunning = true; ; ) {
      if (this.#unparsed === 0 && claim()) return;
      if (this.#ended && wasRunning) {
        wasRunning = false;
        deadline = Math.min(deadline, performance.now() + LAST_WORDS_MS);
      }
      if (performance.now() > deadline) throw new Error(this.#failure(what, timeoutMs));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  resize(cols: number, rows: number): void {
    this.#emulator.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Stops reading, as a stalled connection does, until `unstall`. */
  stall(): void {
    this.#pty.pause();
  }

  unstall(): void {
    this.#pty.resume();
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#ended) return;
    try {
      process.kill(this.#pty.pid, signal);
    } catch (error) {
      // It is gone and reaped; the news of its end is still on its way to us.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Closes the terminal as a window that is closed does. */
  hangUp(): void {
    (this.#pty as unknown as { destroy(): void }).destroy();
  }

  /** Ends the program if it has not ended, first politely. */
  async [Symbol.asyncDispose](): Promise<void> {
    listener('console')(this.#raw);
    this.unstall();
    this.kill('SIGHUP');
    const force = setTimeout(() => this.kill('SIGKILL'), KILL_AFTER_MS);
    await this.exit;
    clearTimeout(force);
    this.#emulator.dispose();
  }

  #read(data: string): void {
    this.#raw += data;
    this.#unparsed++;
    this.#emulator.write(data, () => {
      this.#unparsed--;
    });
  }

  #send(bytes: string): void {
    if (!this.#ended) this.#pty.write(bytes);
  }

  #failure(what: string, timeoutMs: number): string {
    const end = this.#ended;
    const state = end ? `ended (code ${end.code}, signal ${end.signal ?? 'none'})` : 'still runs';
    const frame = '-'.repeat(this.#emulator.cols);
    return `Waited ${timeoutMs} ms for ${what}; the program ${state}. Its screen:\n${frame}\n${this.screen()}\n${frame}`;
  }
}

function environment(
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries({ ...process.env, ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
