/** One block of a frame as an element of the grid: remembers what it wrote and writes only what differs. */
import { cut, textWidth } from '../format/width.ts';
import type { Area, Block, Line, StyleName } from '../screens/view.ts';
import { type CellRow, CellWriter, isSameLine, type Pen, writeLine } from './cells.ts';

const BLANK_LINE: Line = { spans: [] };

/** The rows of the screen while a frame is composed. */
export interface Canvas {
  readonly rows: readonly CellRow[];
  /** Rows that a block below wrote in this frame: whoever lies over it must write its part again. */
  readonly touched: Uint8Array;
}

/** A block and the lines it wrote last, edges of its border included. */
export class BlockPainter {
  #block: Block;
  #written: readonly Line[] = [];

  constructor(block: Block) {
    this.#block = block;
  }

  /** What it shows from the next composing on. */
  show(block: Block): void {
    this.#block = block;
  }

  /** Its cells hold something else now: everything is written again. */
  forget(): void {
    this.#written = [];
  }

  paint({ rows, touched }: Canvas, pen: Pen): void {
    const { area, border } = this.#block;
    const lines = linesOf(this.#block);
    for (const [index, line] of lines.entries()) {
      const top = area.top + index;
      const row = rows[top];
      if (!row) continue;
      if (!touched[top] && isSameLine(line, this.#written[index])) continue;
      touched[top] = 1;
      const isInside = border !== undefined && index > 0 && index < lines.length - 1;
      if (isInside) writeBordered({ row, area, line, style: border.style ?? 'dim', pen });
      else writeLine(row, area.left, area.left + area.width, line, pen);
    }
    this.#written = lines;
  }
}

/** Exactly as many lines as the area is high; those of a border's edges among them. */
function linesOf({ area, border, lines }: Block): readonly Line[] {
  const height = Math.max(0, area.height);
  if (!border) return Array.from({ length: height }, (_, index) => lines[index] ?? BLANK_LINE);
  const style = border.style ?? 'dim';
  return Array.from({ length: height }, (_, index) => {
    if (index === 0) return edgeLine('┌┐', area.width, border.title, style);
    if (index === height - 1) return edgeLine('└┘', area.width, '', style);
    return lines[index - 1] ?? BLANK_LINE;
  });
}

interface BorderedRow {
  readonly row: CellRow;
  readonly area: Area;
  readonly line: Line;
  readonly style: StyleName;
  readonly pen: Pen;
}

function writeBordered({ row, area, line, style, pen }: BorderedRow): void {
  const right = area.left + area.width;
  const attribute = pen.palette(undefined, style);
  const bar = pen.glyph('│');
  writeSide(row, area.left, bar, attribute);
  if (area.width > 1) writeSide(row, right - 1, bar, attribute);
  if (area.width > 2) writeLine(row, area.left + 1, right - 1, line, pen);
}

function writeSide(row: CellRow, left: number, bar: string, attribute: number): void {
  if (left < 0 || left >= row.length) return;
  const writer = new CellWriter(row, left, left + 1);
  writer.glyph(bar, attribute);
  writer.finish(attribute);
}

/** The upper or lower edge of a border as wide as the area, with the title set into it when there is room. */
export function edgeLine(corners: string, width: number, title: string, style: StyleName): Line {
  const [left = '', right = ''] = corners;
  const inner = Math.max(0, width - 2);
  const heading = title === '' || inner < 6 ? '' : ` ${cut(title, inner - 4)} `;
  const lead = heading === '' ? '' : '─';
  const rest = '─'.repeat(inner - lead.length - textWidth(heading));
  const titleStyle = style === 'dim' || style === 'plain' ? 'title' : style;
  return {
    spans: [
      { text: left + lead, style },
      { text: heading, style: titleStyle },
      { text: width > 1 ? rest + right : '', style },
    ],
  };
}
