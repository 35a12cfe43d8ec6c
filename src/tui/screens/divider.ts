/** The line above a lower pane. */
import { textWidth } from '../format/width.ts';
import { span } from './cells.ts';
import type { Line } from './view.ts';

/** Before the title of the pane that has the keys; its border is heavy too. */
export const FOCUS_MARK = '▸';

/** The divider above a lower pane: its title, where in it the reader is, and whether it has the keys. */
export function dividerLine(
  title: string,
  width: number,
  { place = '', isFocused = false } = {},
): Line {
  const bar = isFocused ? '━' : '─';
  const style = isFocused ? 'accent' : 'dim';
  const words = title === '' ? '' : `${isFocused ? FOCUS_MARK : ' '}${title} `;
  const tail = place === '' ? '' : ` ${place} `;
  const room = Math.max(0, width - 2 - textWidth(words) - textWidth(tail) - (tail ? 2 : 0));
  return {
    spans: [
      span(bar.repeat(2), style),
      span(words, 'title'),
      span(bar.repeat(room), style),
      ...(tail ? [span(tail, 'dim'), span(bar.repeat(2), style)] : []),
    ],
  };
}
