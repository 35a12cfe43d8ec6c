/** Which skins there are, and what can be coloured in one. */

export const SKIN_NAMES = ['calm', 'contrast', 'light', 'terminal'] as const;

export type SkinName = (typeof SKIN_NAMES)[number];

/** The looks that an own skin may give colours to, as `name` (the text) and `name.background`. */
export const SKIN_STYLES = [
  'plain',
  'dim',
  'bold',
  'accent',
  'title',
  'head',
  'selected',
  'marked',
  'problem',
  'warning',
  'pending',
  'nodata',
  'match',
  'key',
  'error',
  'bar',
] as const;

export const COLOR_NAMES = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
] as const;

/** Whether it is a colour: `#rrggbb`, 0 to 255, a name, or `bright-` and a name. */
export function isColor(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 255;
  if (typeof value !== 'string') return false;
  const plain = value.replace(/^bright-/, '');
  return /^#[0-9a-f]{6}$/i.test(value) || (COLOR_NAMES as readonly string[]).includes(plain);
}

/** The nearest of the 256 colours of xterm to one of 16 million: the 6x6x6 cube from 16 on. */
function nearestOf256(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16);
    return value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.round((value - 55) / 40));
  });
  return 16 + 36 * red + 6 * green + blue;
}

/** The number, of xterm's 256, of a colour that isColor() accepts. */
export function colorNumber(color: string | number): number {
  if (typeof color === 'number') return color;
  if (color.startsWith('#')) return nearestOf256(color);
  const isBright = color.startsWith('bright-');
  const names: readonly string[] = COLOR_NAMES;
  return names.indexOf(color.replace('bright-', '')) + (isBright ? 8 : 0);
}
