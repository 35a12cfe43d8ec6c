/** How the picture comes out on this terminal, and whether the terminal reports the mouse: as the frames want it. */
import type { Look } from '../screens/view.ts';
import type { Pen } from './cells.ts';
import type { FramePainter } from './frame.ts';
import { asciiGlyph, unicodeGlyph } from './glyphs.ts';
import { MOUSE_OFF, MOUSE_ON, type Pointer, pointerOf } from './mouse-reports.ts';
import { paletteIn } from './skins.ts';
import type { TerminalOptions } from './terminal-contract.ts';
import type { TerminalKind } from './terminal-kind.ts';

type Options = Pick<TerminalOptions, 'ascii' | 'color'>;

/** Remembers what the terminal was told last. */
export class TerminalLook {
  readonly #options: Options;
  readonly #kind: TerminalKind;
  #skin: Look['skin'] | undefined;
  #hasMouse = false;

  constructor(options: Options, kind: TerminalKind) {
    this.#options = options;
    this.#kind = kind;
  }

  get pen(): Pen {
    const { ascii = this.#kind.isAscii, color } = this.#options;
    const skin = this.#skin;
    const chosen = { ...(color !== undefined && { color }), ...(skin && { skin }) };
    return { palette: paletteIn(chosen, this.#kind), glyph: ascii ? asciiGlyph : unicodeGlyph };
  }

  /** What the terminal must be told before a frame with this look is drawn. */
  wear(look: Look | undefined, painter: FramePainter): string {
    if (!look) return '';
    const { skin, hasMouse } = look;
    const isWorn = skin.name === this.#skin?.name && skin.colors === this.#skin.colors;
    if (!isWorn) {
      this.#skin = skin;
      painter.use(this.pen);
    }
    // Terminals that print what they don't know are not told.
    if (hasMouse === this.#hasMouse || !this.#kind.mayAsk) return '';
    this.#hasMouse = hasMouse;
    return hasMouse ? MOUSE_ON : MOUSE_OFF;
  }

  /** What the terminal was told, once more: something else may have told it otherwise. */
  again(): string {
    return this.#hasMouse ? MOUSE_ON : '';
  }

  /** What undoes it, for whoever has the terminal next. */
  leave(): string {
    const undo = this.#hasMouse ? MOUSE_OFF : '';
    this.#hasMouse = false;
    return undo;
  }

  /** What the mouse did, by a reply of the terminal; undefined for other replies, and while nobody wants to know. */
  pointer(reply: string): Pointer | undefined {
    return this.#hasMouse ? pointerOf(reply) : undefined;
  }
}
