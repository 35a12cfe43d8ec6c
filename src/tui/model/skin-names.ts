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
