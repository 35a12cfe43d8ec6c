/** How frames come out on the terminal: as a picture that is repainted, or as lines that are written one after the other. */
import type { Frame, Size } from '../screens/view.ts';
import type { Pointer } from './mouse-reports.ts';

export interface Presentation extends Disposable {
  /** Whether it paints over what it painted before. */
  readonly isPicture: boolean;
  /** Taking the terminal over: the screen first, then the modes, which something else may have set otherwise since. */
  enter(): string;
  modes(): string;
  /** Undoes both. */
  leave(): string;
  /** The next frame is shown as if nothing stood there. */
  forget(): void;
  /** The bytes that show a frame; empty when it is shown already. */
  bytesOf(frame: Frame, size: Size): string;
  /** What the mouse did, by a reply of the terminal; undefined for other replies. */
  pointer(reply: string): Pointer | undefined;
}
