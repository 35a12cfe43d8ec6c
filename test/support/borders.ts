/** Looks for borders that a wide or a combining character has pushed aside, on a screen as a terminal shows it. */

/** The screen, cell by cell: `cell(top, left)` is the character that begins there, '' where there is none. */
export interface CellScreen {
  readonly cols: number;
  readonly rows: number;
  cell(top: number, left: number): string;
}

const UPRIGHT = /[│|├┤┼]/;
/** A border moved by one broken character stands this near to its place. */
const NEAR = 3;

/** What is wrong, one sentence each; a screen without frames and dividers has nothing wrong. */
export function shiftedBorders(screen: CellScreen): readonly string[] {
  const wrong: string[] = [];
  for (let top = 0; top < screen.rows; top++) {
    for (let left = 0; left < screen.cols; left++) {
      const cell = screen.cell(top, left);
      if (cell === '┌') wrong.push(...brokenFrame(screen, top, left));
      if (cell === '┬') wrong.push(...brokenDivider(screen, top, left));
    }
  }
  return wrong;
}

function brokenFrame(screen: CellScreen, top: number, left: number): readonly string[] {
  let right = left + 1;
  while (right < screen.cols && screen.cell(top, right) !== '┐') right++;
  for (let row = top + 1; row < screen.rows; row++) {
    if (screen.cell(row, left) === '└' && screen.cell(row, right) === '┘') return [];
    const isWhole = UPRIGHT.test(screen.cell(row, left)) && UPRIGHT.test(screen.cell(row, right));
    if (!isWhole) return [`the frame at ${top},${left} is broken in row ${row}`];
  }
  return [`the frame at ${top},${left} has no lower edge`];
}

/** It goes down as one line; where it has ended, nothing stands near its column any more. */
function brokenDivider(screen: CellScreen, top: number, left: number): readonly string[] {
  let row = top + 1;
  while (row < screen.rows && UPRIGHT.test(screen.cell(row, left))) row++;
  if (row === top + 1) return [`the divider at ${top},${left} has no line`];
  for (; row < screen.rows; row++) {
    if (/[┴─┌└┐┘]/.test(screen.cell(row, left))) return [];
    for (let near = left - NEAR; near <= left + NEAR; near++) {
      if (UPRIGHT.test(screen.cell(row, near)))
        return [`the divider at ${top},${left} is broken above row ${row}`];
    }
  }
  return [];
}
