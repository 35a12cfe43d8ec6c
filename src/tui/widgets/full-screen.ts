/** Frames as a picture on the terminal's other screen: only the cells that differ are written. */
import type { Frame, Size } from '../screens/view.ts';
import { FramePainter } from './frame.ts';
import type { Pointer } from './mouse-reports.ts';
import type { Presentation } from './presentation.ts';
import type { TerminalLook } from './terminal-look.ts';
import { CLEAR, LEAVE, MODES, OTHER_SCREEN } from './terminal-modes.ts';

/** `again` is called when a frame could be drawn better by now. */
export class FullScreen implements Presentation {
  readonly isPicture = true;
  readonly #painter: FramePainter;
  readonly #look: TerminalLook;
  #mustClear = true;

  constructor(look: TerminalLook, size: Size, again: () => void) {
    this.#look = look;
    this.#painter = new FramePainter(size, look.pen, again);
  }

  enter(): string {
    return OTHER_SCREEN;
  }

  modes(): string {
    return MODES + this.#look.again();
  }

  leave(): string {
    return this.#look.leave() + LEAVE;
  }

  forget(): void {
    this.#mustClear = true;
  }

  bytesOf(frame: Frame, size: Size): string {
    const clear = this.#mustClear ? CLEAR : '';
    if (this.#mustClear) this.#painter.reset(size);
    this.#mustClear = false;
    const told = this.#look.wear(frame.look, this.#painter);
    return clear + told + this.#painter.bytesOf(frame);
  }

  pointer(reply: string): Pointer | undefined {
    return this.#look.pointer(reply);
  }

  [Symbol.dispose](): void {
    this.#painter[Symbol.dispose]();
  }
}
