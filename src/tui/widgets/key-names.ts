/** What the bytes of a key are called: tables of the sequences that xterm, tmux, linux and rxvt terminals send. */

/** The last letter of `ESC [ … letter` for keys without a number. */
export const CSI_LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'tab',
};

/** The number in `ESC [ number ~`. */
export const CSI_NUMBERS: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** The letter after `ESC O`: application mode, and rxvt's lower case with ctrl held. */
export const SS3_LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  a: 'ctrl-up',
  b: 'ctrl-down',
  c: 'ctrl-right',
  d: 'ctrl-left',
};

const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const META = 8;

/** Keys whose one byte is a control character; the rest of them are ctrl with a letter. */
const CONTROL_KEYS: Readonly<Record<number, string>> = {
  0: 'ctrl-space',
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'esc',
  28: 'ctrl-\\',
  29: 'ctrl-]',
  30: 'ctrl-^',
  31: 'ctrl-_',
  32: 'space',
  127: 'backspace',
};

/** A key as the console knows it: `a`, `A`, `space`, `enter`, `ctrl-a`, `shift-tab`, `alt-x`, `f1`, `pgdn`, … */
export interface KeyPress {
  readonly name: string;
  /** The printable characters that were typed, if any. */
  readonly text?: string;
}

/** The name with its modifiers before it, from xterm's modifier number: 1 is none, 2 shift, 3 alt, 5 ctrl, sums of them. */
export function modified(name: string, modifier: number): string {
  const bits = Math.max(0, modifier - 1);
  const ctrl = bits & CTRL ? 'ctrl-' : '';
  const alt = bits & (ALT | META) ? 'alt-' : '';
  const shift = bits & SHIFT ? 'shift-' : '';
  return ctrl + alt + shift + name;
}

/** The key of one typed character, which may be a control character. */
export function characterKey(character: string): KeyPress {
  const point = character.codePointAt(0) ?? 0;
  const name = CONTROL_KEYS[point];
  if (name === 'space') return { name, text: character };
  if (name) return { name };
  if (point <= 26) return { name: `ctrl-${String.fromCharCode(point + 96)}` };
  return { name: character, text: character };
}

/** The key of a code point that came with a modifier number, as kitty and modifyOtherKeys send them. */
export function pointKey(point: number, modifier: number): KeyPress {
  if (point < 0 || point > 0x10ffff) return { name: 'unknown' };
  const plain = characterKey(String.fromCodePoint(point));
  const bits = Math.max(0, modifier - 1);
  if (plain.text === undefined || plain.name === 'space') {
    return bits ? { name: modified(plain.name, modifier) } : plain;
  }
  if (bits & (CTRL | ALT | META)) return { name: modified(plain.name.toLowerCase(), modifier) };
  return bits & SHIFT ? characterKey(plain.name.toUpperCase()) : plain;
}
