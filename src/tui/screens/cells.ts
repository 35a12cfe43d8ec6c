/** Small builders of styled lines: cells of fixed width, and segments that give way when room is short. */
import { cut, cutMiddle, pad, printable, textWidth } from '../format/width.ts';
import type { Line, Span, StyleName } from './view.ts';

/** A span without the style key when there is none, as the exact optional types want it. */
export function span(text: string, style?: StyleName): Span {
  return style === undefined ? { text } : { text, style };
}

/** Text from outside in exactly `width` cells, cut at its end. */
export function cell(text: string, width: number, style?: StyleName): Span {
  return span(pad(printable(text), width), style);
}

/** A number or an age in exactly `width` cells, standing at the right. */
export function rightCell(text: string, width: number, style?: StyleName): Span {
  return span(pad(text, width, 'right'), style);
}

/** A name in exactly `width` cells, cut in its middle since the tail is what differs. */
export function nameCell(name: string, width: number, style?: StyleName): Span {
  return span(pad(cutMiddle(printable(name), width), width), style);
}

export interface Segment {
  readonly text: string;
  readonly style?: StyleName;
  /** The lowest goes first when there is not enough room; the highest ones are cut last. */
  readonly keep: number;
}

const GAP = '  ';

function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + textWidth(segment.text) + GAP.length, 0);
}

/** Segments from the left and from the right on one line of `width` cells; the least important are left out to fit. */
export function spread(
  left: readonly Segment[],
  right: readonly Segment[],
  width: number,
): readonly Span[] {
  let all = [...left, ...right].filter((segment) => segment.text !== '');
  while (all.length > 1 && widthOf(all) > width) {
    const least = Math.min(...all.map((segment) => segment.keep));
    all = all.filter((segment) => segment !== all.findLast((other) => other.keep === least));
  }
  const shown = (side: readonly Segment[]) => side.filter((segment) => all.includes(segment));
  const leftSpans = shown(left).flatMap((segment) => [
    span(' '),
    span(segment.text, segment.style),
    span(' '),
  ]);
  const rightSpans = shown(right).flatMap((segment) => [
    span(' '),
    span(segment.text, segment.style),
    span(' '),
  ]);
  const gap = Math.max(0, width - widthOf(all));
  return fitSpans([...leftSpans, span(' '.repeat(gap)), ...rightSpans], width);
}

/** Spans cut to `width` cells together, with an ellipsis where they end early. */
export function fitSpans(spans: readonly Span[], width: number): readonly Span[] {
  const fitted: Span[] = [];
  let left = width;
  for (const part of spans) {
    const cells = textWidth(part.text);
    if (cells <= left) fitted.push(part);
    else if (left > 0) fitted.push({ ...part, text: cut(part.text, left) });
    left -= cells;
    if (left <= 0) break;
  }
  return fitted;
}

/** One line of one style. */
export function plainLine(text: string, style?: StyleName): Line {
  return { spans: [span(text, style)] };
}
