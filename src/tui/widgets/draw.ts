/**
 * The bytes that turn what the terminal shows into what the grid says. Characters about whose width terminals disagree
 * are placed by absolute position, their neighbours drawn again: a wrong guess then spoils one cell, never a row.
 */
import { pointWidth } from '../format/width.ts';
import type { Cell, CellRow } from './cells.ts';
import { BOLD, DEFAULT_COLOR, DIM, INVERSE, ITALIC, UNDERLINE } from './palette.ts';

const FLAG_CODES: readonly (readonly [flag: number, code: number])[] = [
  [BOLD, 1],
  [DIM, 2],
  [ITALIC, 3],
  [UNDERLINE, 4],
  [INVERSE, 7],
];

const known = new Map<number, string>();

/** The escape sequence that sets an attribute number, whatever was set before. */
export function sgrOf(attribute: number): string {
  const cached = known.get(attribute);
  if (cached !== undefined) return cached;
  const flags = attribute >> 18;
  const codes = ['0'];
  for (const [flag, code] of FLAG_CODES) if (flags & flag) codes.push(String(code));
  const foreground = (attribute >> 9) & DEFAULT_COLOR;
  const background = attribute & DEFAULT_COLOR;
  if (foreground !== DEFAULT_COLOR) codes.push(colorCode(foreground, 30));
  if (background !== DEFAULT_COLOR) codes.push(colorCode(background, 40));
  const sequence = codes.length === 1 ? '\x1b[m' : `\x1b[${codes.join(';')}m`;
  known.set(attribute, sequence);
  return sequence;
}

function colorCode(color: number, base: 30 | 40): string {
  if (color < 8) return String(base + color);
  if (color < 16) return String(base + 60 + color - 8);
  return `${base + 8};5;${color}`;
}

/** Wide on every terminal: the old core of Chinese, Japanese and Korean. */
function isCertainlyWide(point: number): boolean {
  return (
    (point >= 0x3001 && point <= 0x303e) ||
    (point >= 0x3041 && point <= 0x3247) ||
    (point >= 0x3400 && point <= 0x4dbf) ||
    (point >= 0x4e00 && point <= 0x9fff) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xff01 && point <= 0xff60)
  );
}

type Trust = 'narrow' | 'wide' | 'doubtful' | 'doubtful-wide';

function trustOf(text: string): Trust {
  const first = text.charCodeAt(0);
  if (text.length === 1 && first < 0x1100) return 'narrow';
  const point = text.codePointAt(0) ?? first;
  const isWide = pointWidth(point) === 2;
  const isAlone = text.length === (point > 0xffff ? 2 : 1);
  if (isAlone && isWide && isCertainlyWide(point)) return 'wide';
  if (isAlone && !isWide && point <= 0xffff) return 'narrow';
  return isWide ? 'doubtful-wide' : 'doubtful';
}

/** Gathers the bytes of one frame; knows where the terminal's cursor is and which look is set. */
class Brush {
  bytes = '';
  #top = -1;
  #left = -1;
  #attribute = -1;

  cell(top: number, left: number, [attribute, text]: Cell): void {
    this.#move(top, left);
    if (attribute !== this.#attribute) {
      this.bytes += sgrOf(attribute);
      this.#attribute = attribute;
    }
    const trust = trustOf(text);
    if (trust === 'doubtful-wide') {
      this.bytes += '  ';
      this.#lose();
      this.#move(top, left);
    }
    this.bytes += text;
    this.#left = left + (trust === 'wide' ? 2 : 1);
    if (trust.startsWith('doubtful')) this.#lose();
  }

  /** The cursor's place is unknown: behind the last column, or after a character of doubtful width. */
  #lose(): void {
    this.#top = -1;
  }

  endRow(): void {
    this.#lose();
  }

  end(): string {
    if (this.bytes !== '' && this.#attribute !== -1) this.bytes += '\x1b[m';
    return this.bytes;
  }

  #move(top: number, left: number): void {
    if (this.#top === top && this.#left === left) return;
    const ahead = left - this.#left;
    if (this.#top === top && ahead > 0) this.bytes += ahead === 1 ? '\x1b[C' : `\x1b[${ahead}C`;
    else this.bytes += `\x1b[${top + 1};${left + 1}H`;
    this.#top = top;
    this.#left = left;
  }
}

/** The bytes for all rows marked dirty; afterwards `shown` equals `wanted` there and no row is dirty. */
export function drawRows(wanted: readonly CellRow[], shown: readonly CellRow[]): string {
  const brush = new Brush();
  for (const [top, row] of wanted.entries()) {
    const old = shown[top];
    if (!row.dirty || !old) continue;
    row.dirty = false;
    drawRow(brush, top, row, old);
  }
  return brush.end();
}

function drawRow(brush: Brush, top: number, row: CellRow, old: CellRow): void {
  let isForced = false;
  for (let left = 0; left < row.length; left++) {
    const cell = row[left];
    if (!cell || cell[1] === '') continue;
    const tail = row[left + 1];
    const isWide = tail?.[1] === '';
    const isChanged =
      isForced || differs(cell, old[left]) || (isWide && differs(tail, old[left + 1]));
    isForced = false;
    if (!isChanged) continue;
    const before = old[left]?.[1] ?? ' ';
    brush.cell(top, left, cell);
    isForced = isDoubtful(cell[1]) || isDoubtful(before);
    copy(cell, old[left]);
    if (isWide) copy(tail, old[left + 1]);
  }
  brush.endRow();
}

const isDoubtful = (text: string): boolean => text !== '' && trustOf(text).startsWith('doubtful');

function differs(cell: Cell, old: Cell | undefined): boolean {
  return !old || cell[0] !== old[0] || cell[1] !== old[1];
}

function copy(cell: Cell, old: Cell | undefined): void {
  if (!old) return;
  old[0] = cell[0];
  old[1] = cell[1];
}
