/** The marked containers by name, as many as fit; blank when there are none. */
import { formatCount } from '../format/amounts.ts';
import { cut } from '../format/width.ts';
import type { AppState } from '../model/state.ts';
import { span } from './cells.ts';
import { fullName } from './titles.ts';
import type { Line } from './view.ts';

const NAMED = 20;

/** ` 2 marked: eu-2/web-2, us-1/web-1` */
export function marksLine(state: AppState): Line {
  const { marks } = state.containers;
  if (marks.size === 0) return { spans: [] };
  const names: string[] = [];
  for (const key of marks) {
    if (names.length >= NAMED) break;
    names.push(fullName(state, key));
  }
  const words = ` ${formatCount(marks.size)} marked: `;
  return {
    spans: [span(words, 'accent'), span(cut(names.join(', '), state.size.width - words.length))],
  };
}
