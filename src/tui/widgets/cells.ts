/**
 * Lines of a view written into the cell grid. A wide character owns two cells, the second one empty; whatever is cut
 * in half by an overlapping block becomes a blank, so the grid is always something a terminal can show.
 */
import { isMark, pointWidth, textWidth } from '../format/width.ts';
import type { Line, Span } from '../screens/view.ts';
import type { Palette } from './palette.ts';

/** An attribute number (see palette.ts) and what the cell shows: a character with its marks, or '' behind a wide one. */
export type Cell = [attribute: number, text: string];

/** One row of blessed's grid. */
export interface CellRow extends Array<Cell> {
  /** Whether a cell may differ from what the terminal shows. */
  dirty: boolean;
}

/** Accents piled on one letter beyond this many are left out. */
const MARKS_LIMIT = 3;
const ELLIPSIS = '…';

/** The look of the drawing: how styles and symbols come out on this terminal. */
export interface Pen {
  readonly palette: Palette;
  /** The character to draw in place of this one: an ASCII stand-in, or itself. */
  readonly glyph: (character: string) => string;
}

/** Writes cells of one row from `left` up to, not including, `right`; clips itself to the row. */
export class CellWriter {
  readonly #row: CellRow;
  readonly #right: number;
  #at: number;

  constructor(row: CellRow, left: number, right: number) {
    this.#row = row;
    this.#at = Math.max(0, left);
    this.#right = Math.min(right, row.length);
    if (this.room > 0) this.#heal(this.#at);
  }

  /** The cells that are still free. */
  get room(): number {
    return Math.max(0, this.#right - this.#at);
  }

  /** Writes as much of the text as fits in `limit` cells. */
  text(text: string, attribute: number, pen: Pen, limit: number = this.room): void {
    const end = this.#at + Math.min(limit, this.room);
    for (let i = 0; i < text.length; ) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x20 && unit < 0x7f) {
        if (this.#at >= end) return;
        this.#set(attribute, text[i] ?? ' ');
        i++;
        continue;
      }
      const point = text.codePointAt(i) ?? unit;
      const character = String.fromCodePoint(point);
      i += character.length;
      if (!this.#point(point, attribute, pen.glyph(character), end)) return;
    }
  }

  /** Writes one character of our own that takes one cell. */
  glyph(character: string, attribute: number): void {
    if (this.room > 0) this.#set(attribute, character);
  }

  /** Fills with blanks up to the right edge and leaves no half of a wide character behind it. */
  finish(attribute: number): void {
    if (this.#right <= 0) return;
    while (this.#at < this.#right) this.#set(attribute, ' ');
    this.#healBehind();
  }

  #point(point: number, attribute: number, character: string, end: number): boolean {
    const width = pointWidth(point);
    if (width === 0) {
      if (isMark(point)) this.#mark(character);
      return true;
    }
    if (this.#at + width > end) return false;
    const isReplaced = width === 2 && character.length === 1 && character < '\x7f';
    this.#set(attribute, character);
    if (width === 2) this.#set(attribute, isReplaced ? character : '');
    return true;
  }

  #mark(mark: string): void {
    const before = this.#row[this.#at - 1];
    const base = before?.[1] === '' ? this.#row[this.#at - 2] : before;
    if (!base || [...base[1]].length > MARKS_LIMIT) return;
    base[1] += mark;
    this.#row.dirty = true;
  }

  #set(attribute: number, text: string): void {
    const cell = this.#row[this.#at++];
    if (!cell || (cell[0] === attribute && cell[1] === text)) return;
    cell[0] = attribute;
    cell[1] = text;
    this.#row.dirty = true;
  }

  /** The place where writing begins may be the second half of a wide character that is now cut. */
  #heal(at: number): void {
    const head = this.#row[at - 1];
    if (at === 0 || this.#row[at]?.[1] !== '' || !head) return;
    head[1] = ' ';
    this.#row.dirty = true;
  }

  #healBehind(): void {
    const next = this.#row[this.#right];
    if (next?.[1] !== '') return;
    next[1] = ' ';
    this.#row.dirty = true;
  }
}

/** Writes a view's line from `left` to `right`, ending in an ellipsis when it is longer, in its fill when shorter. */
export function writeLine(row: CellRow, left: number, right: number, line: Line, pen: Pen): void {
  const writer = new CellWriter(row, left, right);
  const isCut = widthOf(line.spans) > writer.room;
  for (const span of line.spans) {
    const attribute = pen.palette(line.fill, span.style);
    const before = writer.room;
    writer.text(span.text, attribute, pen, isCut ? before - 1 : before);
    const isLast = isCut && before - writer.room < textWidth(span.text);
    if (!isLast) continue;
    while (writer.room > 1) writer.text(' ', attribute, pen);
    writer.text(ELLIPSIS, attribute, pen);
    break;
  }
  writer.finish(pen.palette(line.fill, undefined));
}

function widthOf(spans: readonly Span[]): number {
  let width = 0;
  let blanks = 0;
  for (const { text } of spans) {
    const shown = textWidth(text.trimEnd());
    const all = textWidth(text);
    if (shown > 0) {
      width += blanks + shown;
      blanks = 0;
    }
    blanks += all - shown;
  }
  return width;
}

/** Whether two lines look the same. */
export function isSameLine(a: Line | undefined, b: Line | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.fill !== b.fill || a.spans.length !== b.spans.length) return false;
  return a.spans.every((span, index) => isSameSpan(span, b.spans[index]));
}

function isSameSpan(a: Span, b: Span | undefined): boolean {
  return b !== undefined && a.text === b.text && a.style === b.style;
}
