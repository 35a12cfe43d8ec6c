/** The frame of what lies over a screen: in its middle, with a border and a title, never covering all of its width. */
import { printable } from '../format/width.ts';
import type { Block, Line, Size } from './view.ts';

const MAX_WIDTH = 76;
/** Border and one cell of air at each side. */
export const FRAME = 4;

/** The widest a box may be on a screen. */
export function widthIn(size: Size): number {
  return Math.min(MAX_WIDTH, size.width - 2);
}

export interface BoxLines {
  readonly id: string;
  readonly title: string;
  /** Of the whole box. */
  readonly width: number;
  readonly lines: readonly Line[];
}

/** The box as a block; of more lines than the screen has rows the first are shown. */
export function middleBox(size: Size, { id, title, width, lines }: BoxLines): Block {
  const height = Math.min(size.height, lines.length + 2);
  return {
    id,
    area: {
      top: Math.max(0, Math.floor((size.height - height) / 2)),
      left: Math.floor((size.width - width) / 2),
      width,
      height,
    },
    lines,
    border: { title: ` ${printable(title)} `, style: 'accent' },
  };
}
