/** Rows in the form that was asked for. */
import { tableText } from '../format/table-text.ts';
import { printable } from '../format/width.ts';
import type { OutputForm } from './request.ts';

export interface Rows {
  readonly heads: readonly string[];
  /** The cells of each row. */
  readonly cells: readonly (readonly string[])[];
  /** The same things for `--json`. */
  readonly facts: readonly unknown[];
}

/** Cells joined by tabs, without anything that a terminal would obey. */
export function plainLine(cells: readonly string[]): string {
  return `${cells.map(printable).join('\t')}\n`;
}

/** The whole output, ending with a line feed; empty for no rows in the plain form. */
export function rowsText({ heads, cells, facts }: Rows, form: OutputForm): string {
  switch (form) {
    case 'json':
      return `${JSON.stringify(facts, null, 2)}\n`;
    case 'plain':
      return cells.map(plainLine).join('');
    case 'table':
      return tableText(heads, cells);
  }
}
