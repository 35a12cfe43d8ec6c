/** A frame as the text a terminal of its size would show, drawn without one: for pictures that are kept beside the tests. */
import { isMark, pad, pointWidth } from '../../src/tui/format/width.ts';
import type { Area, Block, Frame, Size } from '../../src/tui/screens/view.ts';
import { asciiChart } from '../../src/tui/widgets/ascii-chart.ts';

/** The frame drawn block after block; trailing blanks are gone, lines are not. */
export function frameText(frame: Frame, size: Size): string {
  const grid = Array.from({ length: size.height }, () => new Array<string>(size.width).fill(' '));
  for (const block of frame.blocks) drawBlock(grid, block);
  return `${grid.map((row) => row.join('').trimEnd()).join('\n')}\n`;
}

function drawBlock(grid: string[][], block: Block): void {
  const inner = block.border ? drawBorder(grid, block.area, block.border.title) : block.area;
  // Charts in plain characters: how widgets draw them finer is their own tests' business.
  const lines = block.chart ? asciiChart(block.chart, inner) : block.lines;
  for (let row = 0; row < inner.height; row++) {
    const spans = lines[row]?.spans ?? [];
    const text = pad(spans.map((span) => span.text).join(''), inner.width);
    put(grid, inner.top + row, inner.left, text);
  }
}

function drawBorder(grid: string[][], area: Area, title: string): Area {
  const { top, left, width, height } = area;
  const edge = (start: string, end: string, words: string) =>
    start + words + '─'.repeat(Math.max(0, width - 2 - words.length)) + end;
  put(grid, top, left, edge('┌', '┐', title));
  for (let row = 1; row < height - 1; row++)
    put(grid, top + row, left, `│${' '.repeat(width - 2)}│`);
  put(grid, top + height - 1, left, edge('└', '┘', ''));
  return { top: top + 1, left: left + 1, width: width - 2, height: height - 2 };
}

/** A wide character takes its cell and empties the next; a mark joins the cell before. */
function put(grid: string[][], top: number, left: number, text: string): void {
  const row = grid[top];
  let at = left;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (!row || at >= row.length) return;
    if (isMark(point)) row[at - 1] += character;
    const cells = pointWidth(point);
    if (cells > 0) row[at] = character;
    if (cells === 2) row[at + 1] = '';
    at += cells;
  }
}
