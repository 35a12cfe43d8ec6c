/** Columns of text for a pipe: as wide as their widest cell, three blanks between, no colours, no control characters. */
import { pad, printable, textWidth } from './width.ts';

const GAP = '   ';

/** One line per row under a line of headings; each ends with a line feed and without trailing blanks. */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows.map((row) => row.map(printable))];
  const widths = heads.map((_, column) =>
    Math.max(...lines.map((cells) => textWidth(cells[column] ?? ''))),
  );
  return lines
    .map((cells) => {
      const padded = cells.map((cell, column) => pad(cell, widths[column] ?? 0));
      return `${padded.join(GAP).trimEnd()}\n`;
    })
    .join('');
}
