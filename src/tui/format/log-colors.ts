/**
 * A log line as it may be shown: every escape sequence gone, and of those that set colours (ECMA-48 SGR) the look kept
 * beside the text, reduced to the six colours, bold and dim that every palette of ours has.
 */
import type { LogLine } from '../../protocol/log-line.ts';
import { LOG_COLORS, type LogColor, type LogEntry, type LogPaint } from '../model/log-buffer.ts';
import { printable } from './width.ts';

/** Colours further right in a line, or more of them, are left out. */
const PAINTED_UNITS = 4_096;
const PAINTED_STRETCHES = 64;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const SGR = /\u001b\[([0-9;:]*)m/g;
const HUES: readonly (LogColor | undefined)[] = [undefined, ...LOG_COLORS, undefined];

/** The line of a log as a view keeps it. */
export function readLine({ atMs, stream, text }: LogLine): LogEntry {
  const shown = printable(text);
  if (!text.includes('\u001b[')) return { atMs, stream, text: shown };
  const paint = paintOf(text.slice(0, PAINTED_UNITS), shown);
  return paint.length === 0 ? { atMs, stream, text: shown } : { atMs, stream, text: shown, paint };
}

interface Pen {
  readonly color: LogColor | undefined;
  readonly weight: 'bold' | 'dim' | undefined;
}

const PLAIN: Pen = { color: undefined, weight: undefined };

function paintOf(text: string, shown: string): readonly LogPaint[] {
  const paint: LogPaint[] = [];
  let pen = PLAIN;
  let from = 0;
  const close = (to: number) => {
    const look = pen.color ?? pen.weight;
    if (look !== undefined && to > from) paint.push({ from, to, look });
    from = Math.max(from, to);
  };
  for (const match of text.matchAll(SGR)) {
    const to = Math.min(shown.length, printable(text.slice(0, match.index)).length);
    close(to);
    if (paint.length >= PAINTED_STRETCHES) return paint;
    pen = penAfter(pen, match[1] ?? '');
  }
  close(Math.min(shown.length, printable(text).length));
  return paint;
}

function penAfter(before: Pen, parameters: string): Pen {
  const codes = parameters.split(/[;:]/).map(Number);
  let pen = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const isIndexed = codes[at + 1] === 5;
      const color = isIndexed ? indexed(codes[at + 2] ?? 0) : hueOf(codes.slice(at + 2, at + 5));
      if (code === 38) pen = { ...pen, color };
      at += isIndexed ? 2 : 4;
    } else pen = penAfterCode(pen, code);
  }
  return pen;
}

function penAfterCode(pen: Pen, code: number): Pen {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...pen, weight: 'bold' };
  if (code === 2 || code === 90) return { ...pen, weight: 'dim', color: undefined };
  if (code === 22) return { ...pen, weight: undefined };
  if (code >= 30 && code <= 37) return { ...pen, color: HUES[code - 30] };
  if (code >= 91 && code <= 97) return { ...pen, color: HUES[code - 90] };
  return code === 39 ? { ...pen, color: undefined } : pen;
}

/** Of xterm's 256 colours: 16 named ones, a cube of 6x6x6, and greys. */
function indexed(index: number): LogColor | undefined {
  if (index < 16) return HUES[index % 8];
  if (index >= 232) return undefined;
  const cube = index - 16;
  return hueOf([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6]);
}

/** The named colour whose channels are the strong ones of this one; none for greys. */
function hueOf([red = 0, green = 0, blue = 0]: readonly number[]): LogColor | undefined {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  if (high === 0 || high - low < high / 4) return undefined;
  const isStrong = (channel: number) => channel > (high + low) / 2;
  const bits = (isStrong(red) ? 1 : 0) + (isStrong(green) ? 2 : 0) + (isStrong(blue) ? 4 : 0);
  return HUES[bits];
}
