/** Frames painted into a terminal emulator in memory, to look at what a terminal would show. */
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type IBufferCell, Terminal } from '@xterm/headless';
import type { Frame } from '../../src/tui/screens/view.ts';
import { FramePainter } from '../../src/tui/widgets/frame.ts';
import { asciiGlyph, unicodeGlyph } from '../../src/tui/widgets/glyphs.ts';
import { paletteOf } from '../../src/tui/widgets/palette.ts';
import type { ColorCount } from '../../src/tui/widgets/terminal-kind.ts';

export interface PaintedOptions {
  readonly isAscii?: boolean;
  readonly colors?: ColorCount;
}

/** A painter and the emulator that shows what it paints. */
export class Painted implements Disposable {
  readonly terminal: Terminal;
  readonly painter: FramePainter;
  /** What the last frame sent. */
  bytes = '';
  /** Resolves when the painter can draw charts, which it loads when it meets the first one. */
  readonly ready: Promise<void>;
  #ready: () => void = () => undefined;

  constructor(width: number, height: number, { isAscii, colors = 256 }: PaintedOptions = {}) {
    this.terminal = new Terminal({ cols: width, rows: height, allowProposedApi: true });
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    const glyph = isAscii ? asciiGlyph : unicodeGlyph;
    this.ready = new Promise((resolve) => {
      this.#ready = resolve;
    });
    const pen = { palette: paletteOf(colors), glyph };
    const again = () => this.#ready();
    this.painter = new FramePainter({ width, height }, pen, again);
  }

  /** Paints the frame and resolves with the whole screen as text, without trailing blanks. */
  async show(frame: Frame): Promise<string> {
    this.bytes = this.painter.bytesOf(frame);
    await new Promise<void>((resolve) => this.terminal.write(this.bytes, resolve));
    return this.text();
  }

  text(): string {
    const { active } = this.terminal.buffer;
    const lines = Array.from({ length: this.terminal.rows }, (_, top) =>
      active.getLine(top)?.translateToString(true),
    );
    return lines.join('\n').trimEnd();
  }

  cell(top: number, left: number): IBufferCell {
    const cell = this.terminal.buffer.active.getLine(top)?.getCell(left);
    if (!cell) throw new Error(`The screen has no cell ${top},${left}`);
    return cell;
  }

  [Symbol.dispose](): void {
    this.painter[Symbol.dispose]();
    this.terminal.dispose();
  }
}
