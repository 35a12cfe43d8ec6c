/** Mouse reports of a terminal (xterm's ctlseqs, "Mouse Tracking"): SGR 1006, and the oldest form for those that know no other. */

export interface Pointer {
  readonly act: 'press' | 'wheel-up' | 'wheel-down';
  /** In cells from 0,0 at the top left. */
  readonly top: number;
  readonly left: number;
}

/** Presses and the wheel only: a report for every motion would flood a slow line. */
export const MOUSE_ON = '\x1b[?1000h\x1b[?1006h';
export const MOUSE_OFF = '\x1b[?1006l\x1b[?1000l';

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: reports are escape sequences
const SGR = /^\x1b\[<(\d+);(\d+);(\d+)([Mm])$/;
const OLD = /^\x1b\[M([\s\S]{3})$/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: reports are escape sequences

const LEFT = 0;
const ACTS: Readonly<Record<number, Pointer['act']>> = {
  [LEFT]: 'press',
  64: 'wheel-up',
  65: 'wheel-down',
};

/** What a report says; undefined for other replies, for other buttons and for a button that was let go. */
export function pointerOf(reply: string): Pointer | undefined {
  const [, code, column, row, end] = SGR.exec(reply) ?? [];
  if (end === 'M') return pointerAt(Number(code), Number(row), Number(column));
  const three = OLD.exec(reply)?.[1];
  if (three === undefined) return undefined;
  const [button = 0, left = 0, top = 0] = [0, 1, 2].map((at) => three.charCodeAt(at) - 32);
  return pointerAt(button, top, left);
}

function pointerAt(code: number, row: number, column: number): Pointer | undefined {
  const act = ACTS[code];
  return act && row > 0 && column > 0 ? { act, top: row - 1, left: column - 1 } : undefined;
}
