/**
 * The look of each style name, as attribute numbers of blessed's cells: flags << 18 | foreground << 9 | background.
 * Calm: healthy is plain or dim, one accent for focus, one look for selection, three for severity; without colours
 * bold, underline and reverse still tell them apart.
 */
import type { StyleName } from '../screens/view.ts';
import type { ColorCount } from './terminal-kind.ts';

export const BOLD = 1;
export const UNDERLINE = 2;
export const INVERSE = 8;
/** Blessed leaves this bit and the next free. */
export const DIM = 32;
export const ITALIC = 64;

/** The terminal's own colour. */
export const DEFAULT_COLOR = 0x1ff;

export interface Look {
  readonly foreground?: number;
  readonly background?: number;
  readonly flags?: number;
}

export type Looks = Readonly<Record<StyleName, Look>>;

/** The terminal's own six, which its owner chose to be readable on its background. */
const HUES = {
  red: { foreground: 1 },
  green: { foreground: 2 },
  yellow: { foreground: 3 },
  blue: { foreground: 4 },
  magenta: { foreground: 5 },
  cyan: { foreground: 6 },
} as const;

const NO_HUES = { red: {}, green: {}, yellow: {}, blue: {}, magenta: {}, cyan: {} } as const;

const LOOKS_256: Looks = {
  ...HUES,
  plain: {},
  dim: { foreground: 245 },
  bold: { flags: BOLD },
  accent: { foreground: 74 },
  title: { flags: BOLD },
  head: { foreground: 245, flags: BOLD },
  selected: { foreground: 255, background: 24 },
  marked: { foreground: 74, flags: BOLD },
  problem: { foreground: 203, flags: BOLD },
  warning: { foreground: 172 },
  pending: { foreground: 140 },
  nodata: { foreground: 243, flags: ITALIC },
  match: { foreground: 74, flags: UNDERLINE },
  key: { foreground: 74, flags: BOLD },
  error: { foreground: 231, background: 124, flags: BOLD },
  bar: { foreground: 252, background: 236 },
  qr: { foreground: 231, background: 16 },
};

const LOOKS_16: Looks = {
  ...HUES,
  plain: {},
  dim: { flags: DIM },
  bold: { flags: BOLD },
  accent: { foreground: 6 },
  title: { flags: BOLD },
  head: { flags: DIM | BOLD },
  selected: { flags: INVERSE },
  marked: { foreground: 6, flags: BOLD },
  problem: { foreground: 9, flags: BOLD },
  warning: { foreground: 3 },
  pending: { foreground: 5 },
  nodata: { flags: DIM | ITALIC },
  match: { foreground: 6, flags: UNDERLINE },
  key: { foreground: 6, flags: BOLD },
  error: { foreground: 15, background: 1, flags: BOLD },
  bar: { flags: INVERSE },
  qr: { foreground: 15, background: 0 },
};

const LOOKS_8: Looks = {
  ...LOOKS_16,
  problem: { foreground: 1, flags: BOLD },
  error: { foreground: 7, background: 1, flags: BOLD },
  qr: { foreground: 7, background: 0 },
};

const LOOKS_NONE: Looks = {
  ...NO_HUES,
  plain: {},
  dim: { flags: DIM },
  bold: { flags: BOLD },
  accent: { flags: BOLD },
  title: { flags: BOLD },
  head: { flags: BOLD | DIM },
  selected: { flags: INVERSE },
  marked: { flags: BOLD | UNDERLINE },
  problem: { flags: BOLD | UNDERLINE },
  warning: { flags: UNDERLINE },
  pending: { flags: ITALIC },
  nodata: { flags: DIM | ITALIC },
  match: { flags: UNDERLINE | ITALIC },
  key: { flags: BOLD },
  error: { flags: INVERSE | BOLD },
  bar: { flags: INVERSE },
  qr: {},
};

/** The looks of the skin `calm`, by how many colours there are. */
export const LOOKS: Readonly<Record<ColorCount, Looks>> = {
  0: LOOKS_NONE,
  8: LOOKS_8,
  16: LOOKS_16,
  256: LOOKS_256,
};

/** The attribute number of a cell that shows `style` in a row filled with `fill`. */
export type Palette = (fill: StyleName | undefined, style: StyleName | undefined) => number;

/** A palette for so many colours, of other looks than the usual if any are given: a span's colours lie over the row's, their flags add up. */
export function paletteOf(colors: ColorCount, looks: Looks = LOOKS[colors]): Palette {
  const known = new Map<string, number>();
  return (fill = 'plain', style = 'plain') => {
    const name = `${fill}/${style}`;
    const attribute = known.get(name) ?? attributeOf(looks[fill], looks[style]);
    known.set(name, attribute);
    return attribute;
  };
}

function attributeOf(under: Look, over: Look): number {
  const foreground = over.foreground ?? under.foreground ?? DEFAULT_COLOR;
  const background = over.background ?? under.background ?? DEFAULT_COLOR;
  const flags = (under.flags ?? 0) | (over.flags ?? 0);
  return (flags << 18) | (foreground << 9) | background;
}
