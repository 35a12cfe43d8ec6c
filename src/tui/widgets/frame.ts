/**
 * Turns frames into bytes. Each block keeps one element for as long as the console runs: hidden when a frame has no
 * such block, shown again when it has; elements that come and go would stay in blessed's lists for ever.
 */
import type { Block, Frame, Size } from '../screens/view.ts';
import { CellGrid, type GridElement } from './blessed-screen.ts';
import { BlockPainter, type Canvas } from './block.ts';
import type { Pen } from './cells.ts';
import { Charts } from './chart.ts';
import { drawRows } from './draw.ts';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

interface KeptBlock {
  readonly element: GridElement;
  readonly painter: BlockPainter;
}

/** The terminal's picture: compose a frame, take the bytes that change the last one into it. */
export class FramePainter implements Disposable {
  readonly #grid: CellGrid;
  #pen: Pen;
  readonly #charts: Charts;
  readonly #blocks = new Map<string, KeptBlock>();
  #canvas: Canvas;
  #layout = '';
  #cursor = '';

  /** `again` is called when a frame that was drawn without its charts could be drawn with them. */
  constructor(size: Size, pen: Pen, again: () => void = () => undefined) {
    this.#grid = new CellGrid(size);
    this.#pen = pen;
    this.#charts = new Charts({ isAscii: pen.glyph('⠿') !== '⠿', onReady: again });
    this.#canvas = this.#freshCanvas();
  }

  /** The terminal is blank and has this size, its cursor hidden: the next frame is painted whole. */
  reset(size: Size): void {
    this.#grid.reset(size);
    this.#canvas = this.#freshCanvas();
    this.#layout = '';
    this.#cursor = '';
  }

  /** Draws otherwise from the next frame on, which is painted whole. */
  use(pen: Pen): void {
    this.#pen = pen;
    this.#layout = '';
  }

  /** The bytes that make the terminal show this frame; empty when it does already. */
  bytesOf(frame: Frame): string {
    const layout = layoutOf(frame.blocks);
    this.#canvas.touched.fill(0);
    if (layout !== this.#layout) {
      this.#layout = layout;
      this.#rearrange(frame.blocks);
    }
    for (const block of frame.blocks)
      this.#blocks.get(block.id)?.painter.show(this.#charts.drawn(block));
    this.#grid.compose();
    return this.#withCursor(drawRows(this.#grid.rows, this.#grid.shown), frame);
  }

  [Symbol.dispose](): void {
    this.#grid[Symbol.dispose]();
  }

  #freshCanvas(): Canvas {
    const { rows } = this.#grid;
    return { rows, touched: new Uint8Array(rows.length) };
  }

  /** Blocks came, went or moved: all cells are blanked, every block is put in its order and writes itself whole. */
  #rearrange(blocks: readonly Block[]): void {
    this.#grid.blank();
    for (const { element, painter } of this.#blocks.values()) {
      element.hidden = true;
      painter.forget();
    }
    for (const block of blocks) {
      const kept = this.#blocks.get(block.id) ?? this.#keep(block);
      kept.element.hidden = false;
      kept.element.setFront();
    }
  }

  #keep(block: Block): KeptBlock {
    const painter = new BlockPainter(block);
    const element = this.#grid.add(() => painter.paint(this.#canvas, this.#pen));
    const kept = { element, painter };
    this.#blocks.set(block.id, kept);
    return kept;
  }

  #withCursor(bytes: string, { cursor }: Frame): string {
    const before = this.#cursor;
    this.#cursor = cursor ? `\x1b[${cursor.top + 1};${cursor.left + 1}H` : '';
    if (bytes === '' && before === this.#cursor) return '';
    const hidden = before === '' ? bytes : HIDE_CURSOR + bytes;
    return cursor ? hidden + this.#cursor + SHOW_CURSOR : hidden;
  }
}

function layoutOf(blocks: readonly Block[]): string {
  return blocks
    .map(({ id, area, border }) => {
      const { top, left, width, height } = area;
      return `${id} ${top} ${left} ${width} ${height} ${border ? (border.style ?? 'dim') : '-'}`;
    })
    .join('\n');
}
