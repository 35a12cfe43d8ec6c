/**
 * Skins: other colours for the same looks. A skin names only what it changes; where a terminal has few colours every skin
 * falls back to the terminal's own sixteen, which its owner chose to be readable.
 */
import type { Look as FrameLook, StyleName } from '../screens/view.ts';
import {
  BOLD,
  INVERSE,
  LOOKS,
  type Look,
  type Looks,
  type Palette,
  paletteOf,
  UNDERLINE,
} from './palette.ts';
import type { ColorCount } from './terminal-kind.ts';

type SkinChoice = FrameLook['skin'];
type Overlay = Readonly<Partial<Record<StyleName, Look>>>;

const CONTRAST: Overlay = {
  dim: { foreground: 252 },
  head: { foreground: 255, flags: BOLD | UNDERLINE },
  accent: { foreground: 51 },
  marked: { foreground: 51, flags: BOLD },
  key: { foreground: 51, flags: BOLD },
  match: { foreground: 226, flags: BOLD | UNDERLINE },
  selected: { foreground: 16, background: 231, flags: BOLD },
  problem: { foreground: 231, background: 160, flags: BOLD },
  warning: { foreground: 226, flags: BOLD },
  pending: { foreground: 213, flags: BOLD },
  nodata: { foreground: 250, flags: INVERSE },
  bar: { foreground: 231, background: 18, flags: BOLD },
};

/** For a terminal with a light background. */
const LIGHT: Overlay = {
  dim: { foreground: 242 },
  head: { foreground: 240, flags: BOLD },
  accent: { foreground: 25 },
  marked: { foreground: 25, flags: BOLD },
  key: { foreground: 25, flags: BOLD },
  match: { foreground: 25, flags: UNDERLINE },
  selected: { foreground: 231, background: 25 },
  problem: { foreground: 160, flags: BOLD },
  warning: { foreground: 130 },
  pending: { foreground: 91 },
  bar: { foreground: 235, background: 252 },
};

const OVERLAYS: Readonly<Record<string, Overlay>> = { contrast: CONTRAST, light: LIGHT };

/** A person's own colours of one style over a look. */
function recolored(look: Look, style: string, colors: SkinChoice['colors']): Look {
  const text = colors[style];
  const background = colors[`${style}.background`];
  return {
    ...look,
    ...(text !== undefined && { foreground: text }),
    ...(background !== undefined && { background: background }),
  };
}

/** The looks in a skin; only where there are 256 colours does it change anything. */
function skinned(looks: Looks, skin: SkinChoice, colors: ColorCount): Looks {
  if (colors !== 256) return looks;
  const based = { ...looks, ...OVERLAYS[skin.name] };
  const own = Object.entries(based).map(([style, look]) => [
    style,
    recolored(look, style, skin.colors),
  ]);
  return { ...based, ...Object.fromEntries(own) };
}

/** The palette of a terminal in the skin that a person chose. */
export function paletteIn(
  options: { readonly color?: boolean; readonly skin?: SkinChoice },
  kind: { readonly colors: ColorCount },
): Palette {
  const { color, skin } = options;
  const all = color === false ? 0 : kind.colors;
  if (!skin) return paletteOf(all);
  const colors = skin.name === 'terminal' && all === 256 ? 16 : all;
  return paletteOf(colors, skinned(LOOKS[colors], skin, colors));
}
