/** Text in rows: folded at a width, or looked at through a window that can be moved sideways. */
import { pointWidth, textWidth } from './width.ts';

const ASCII = /^[ -~]*$/;

/** The rows a text takes at a width, at least one; nothing is lost but the place of the breaks. */
export function foldText(text: string, width: number): readonly string[] {
  const room = Math.max(2, width);
  if (text.length <= room && textWidth(text) <= room) return [text];
  const rows: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = endOfRow(text, start, room);
    rows.push(text.slice(start, end));
    start = end;
  }
  return rows;
}

/** Folded like `foldText`, but broken at spaces where a row has one in its second half. */
export function foldWords(text: string, width: number): readonly string[] {
  const room = Math.max(2, width);
  const rows: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = endOfRow(text, start, room);
    const space = text.lastIndexOf(' ', end);
    if (end < text.length && space > start + room / 2) end = space;
    rows.push(text.slice(start, end));
    start = text[end] === ' ' ? end + 1 : end;
  }
  return rows.length > 0 ? rows : [''];
}

function endOfRow(text: string, start: number, room: number): number {
  let left = room;
  let at = start;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    left -= pointWidth(point);
    if (left < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return Math.max(at, start + 1);
}

/** How many rows `foldText` makes of a text. */
export function countRows(text: string, width: number): number {
  const room = Math.max(2, width);
  if (text.length * 2 <= room) return 1;
  return ASCII.test(text)
    ? Math.max(1, Math.ceil(text.length / room))
    : foldText(text, room).length;
}

/** A text from its `column`th cell on; a wide character cut in two leaves a space. */
export function fromColumn(text: string, column: number): string {
  if (column <= 0) return text;
  let left = column;
  let at = 0;
  while (at < text.length && left > 0) {
    const point = text.codePointAt(at) ?? 0;
    left -= pointWidth(point);
    at += point > 0xffff ? 2 : 1;
  }
  return ' '.repeat(Math.max(0, -left)) + text.slice(at);
}
