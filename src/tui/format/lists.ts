/** Several short texts in one cell: only whole ones are shown, and how many are left out. */
import { textWidth } from './width.ts';

/** The texts with a space between them; `80->8080 +2` when the others don't fit in `width` cells. */
export function fitList(texts: readonly string[], width: number): string {
  const whole = texts.join(' ');
  if (textWidth(whole) <= width) return whole;
  for (let count = texts.length - 1; count > 0; count--) {
    const words = `${texts.slice(0, count).join(' ')} +${texts.length - count}`;
    if (textWidth(words) <= width) return words;
  }
  return texts[0] ?? '';
}
