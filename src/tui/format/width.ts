/**
 * How many cells a text takes, and texts cut and padded to cells. Code point by code point, never by grapheme cluster:
 * the painter places each one itself, so a joined emoji family is shown as its members on every terminal alike.
 */
import { COMBINING, FORMAT, WIDE } from './width-table.ts';

const ELLIPSIS = '…';
const TAB_STOP = 8;
/** The first two planes have their own entry each; above them everything is either wide or an invisible tag. */
const TABLE_SIZE = 0x20000;

const NARROW = 1;
const TWO_CELLS = 2;
const MARK = 3;

let kinds: Uint8Array | undefined;

function kindTable(): Uint8Array {
  if (kinds) return kinds;
  const table = new Uint8Array(TABLE_SIZE).fill(NARROW);
  const mark = (ranges: readonly number[], kind: number) => {
    for (let i = 0; i < ranges.length; i += 2) {
      table.fill(kind, ranges[i] ?? 0, Math.min((ranges[i + 1] ?? 0) + 1, TABLE_SIZE));
    }
  };
  mark(WIDE, TWO_CELLS);
  mark(COMBINING, MARK);
  mark(FORMAT, 0);
  kinds = table;
  return table;
}

function kindOf(point: number): number {
  if (point < TABLE_SIZE) return kindTable()[point] ?? NARROW;
  return point >= 0xe0000 && point <= 0xe0fff ? 0 : TWO_CELLS;
}

/** The cells one code point takes: 0 for control characters and marks over the character before, 1, or 2. */
export function pointWidth(point: number): number {
  if (point < 0x300) return point < 0x20 || (point >= 0x7f && point < 0xa0) ? 0 : 1;
  const kind = kindOf(point);
  return kind === MARK ? 0 : kind;
}

/** Whether a code point is drawn over the one before it (an accent, a vowel sign), as opposed to being invisible. */
export function isMark(point: number): boolean {
  return point >= 0x300 && kindOf(point) === MARK;
}

/** The cells that a text takes on the screen. */
export function textWidth(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit < 0x7f) {
      width++;
      continue;
    }
    const point = text.codePointAt(i) ?? unit;
    if (point > 0xffff) i++;
    width += pointWidth(point);
  }
  return width;
}

/** The longest beginning of a text that takes at most `width` cells. */
function startOf(text: string, width: number): string {
  let room = width;
  let i = 0;
  while (i < text.length) {
    const point = text.codePointAt(i) ?? 0;
    room -= pointWidth(point);
    if (room < 0) break;
    i += point > 0xffff ? 2 : 1;
  }
  return text.slice(0, i);
}

/** The longest end of a text that takes at most `width` cells and does not begin with a mark. */
function endOf(text: string, width: number): string {
  let room = width;
  let start = text.length;
  let i = text.length;
  while (i > 0) {
    const low = text.charCodeAt(i - 1);
    const isPair = i > 1 && low >= 0xdc00 && low <= 0xdfff;
    i -= isPair ? 2 : 1;
    const cells = pointWidth(text.codePointAt(i) ?? 0);
    room -= cells;
    if (room < 0) break;
    if (cells > 0) start = i;
  }
  return text.slice(start);
}

/** The text, or as much of its beginning as fits in `width` cells together with an ellipsis at the end. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  return startOf(text, width - 1) + ELLIPSIS;
}

/** The text, or its two ends with an ellipsis between them, in at most `width` cells: for names, whose tails differ. */
export function cutMiddle(text: string, width: number): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  const head = startOf(text, Math.floor((width - 1) / 2));
  return head + ELLIPSIS + endOf(text, width - 1 - textWidth(head));
}

/** The text in exactly `width` cells: cut at the end when longer, else with spaces so that it stands at the named side. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const fitted = cut(text, width);
  const spaces = ' '.repeat(Math.max(0, width - textWidth(fitted)));
  return side === 'left' ? fitted + spaces : spaces + fitted;
}

const CONTROLS = String.raw`\u0000-\u0008\u000e-\u001f\u007f-\u009f`;
/** Escape sequences in their 7-bit and 8-bit forms, each with its body, finished or cut off at the end of the text. */
const SEQUENCES = [
  String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)`,
  String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u009c|\u001b\\|$)`,
  String.raw`\u001b[ -/]*[0-~]?`,
].join('|');
const STRIPPED = new RegExp(`${SEQUENCES}|[${CONTROLS}]|[\\p{Cf}\\u{fe00}-\\u{fe0f}]`, 'gu');
const HARMLESS = /^[ -~]*$/;

function expandTabs(text: string): string {
  const [first = '', ...rest] = text.split('\t');
  let line = first;
  let width = textWidth(first);
  for (const part of rest) {
    const gap = TAB_STOP - (width % TAB_STOP);
    line += ' '.repeat(gap) + part;
    width += gap + textWidth(part);
  }
  return line;
}

/**
 * The text as it may be shown: escape sequences wholly gone, control and invisible characters too, accents composed,
 * tabs as spaces up to every eighth cell, line breaks as one space, halves of surrogate pairs as U+FFFD.
 */
export function printable(text: string): string {
  if (HARMLESS.test(text)) return text;
  const stripped = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(STRIPPED, '')
    .replace(/[\r\n\v\f\u2028\u2029]+$/u, '')
    .replace(/\r?\n|[\r\v\f\u2028\u2029]/gu, ' ')
    .normalize('NFC');
  return stripped.includes('\t') ? expandTabs(stripped) : stripped;
}

/** Several lines as they may be shown: each printable, the breaks between them kept. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
