/** What the terminal offers to the console, and what it wants to be told when it is opened. */

import type { Frame, Size } from '../screens/view.ts';
import type { CopyOutcome } from './clipboard.ts';
import type { KeyPress } from './key-names.ts';
import type { LoanEnd, LoanRequest } from './loan.ts';
import type { Pointer } from './mouse-reports.ts';
import type { PaintReason, Timing } from './paint-clock.ts';

export interface TerminalOptions {
  /** Standard input need not be a terminal: then no key ever comes. */
  readonly mayLackKeys?: boolean;
  /** The picture at this size; called only when it will be painted. */
  render(size: Size): Frame;
  onKey(key: KeyPress): void;
  /** What the mouse does, while a frame asks for it. */
  onPointer?(pointer: Pointer): void;
  onResize(size: Size): void;
  /** A text that was pasted, as it came: line breaks, tabs and control characters included. */
  onPaste(text: string): void;
  /** The terminal is gone, with the reason as a sentence; the program exits with 129 when this returns. */
  onLost(reason: string): void;
  /** Only ASCII characters are drawn; unless told, when the locale names another character set than UTF-8. */
  readonly ascii?: boolean;
  /** Lines are written in place of a picture; frames then bring what is to be said. */
  readonly linear?: boolean;
  /** False draws without colours, as NO_COLOR in the environment does. */
  readonly color?: boolean;
  /** How long a lone ESC waits for the rest of a sequence; unless told, ESCDELAY or 50. */
  readonly escTimeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly timing?: Timing;
}

export interface PaintStats {
  /** Frames rendered, whether or not they differed from the one before. */
  readonly painted: number;
  /** Times a frame was due while the last one had not left yet. */
  readonly skipped: number;
  /** How long the last frame took to render and to turn into bytes. */
  readonly lastPaintMs: number;
  /** 0 without colours. */
  readonly colors: number;
  readonly isAscii: boolean;
  /** Whether frames are wrapped in synchronized updates, as the terminal has said or its name tells. */
  readonly isSynchronized: boolean;
}

export interface Terminal {
  readonly size: Size;
  /** Paints soon: for a key at once after this batch of input, for data in its next slot, calmly within a second. */
  requestPaint(why: PaintReason): void;
  /** Paints everything anew, for when something else has written on the terminal. */
  redraw(): void;
  /** Hands a text to the terminal's clipboard; `no-clipboard` where it surely has none. Nobody learns whether it obeyed. */
  copy(text: string): CopyOutcome;
  /** Gives the terminal back, stops the process group as ctrl-z does, and paints again when it continues. */
  suspend(): void;
  /** Gives the terminal back. Synchronous; may be called again. */
  close(): void;
  stats(): PaintStats;
  /** Runs another program on this terminal; its exit status, 128 and the signal's number, or 127 when it can't run. */
  handOver(child: { readonly file: string; readonly args: readonly string[] }): Promise<number>;
  /**
   * Lends the terminal to a stream, at once: what was typed behind the key that led here is the guest's. Resolves when
   * the console is back; rejects with what `open` rejects with.
   */
  lend(request: LoanRequest): Promise<LoanEnd>;
}
