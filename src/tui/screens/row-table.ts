/** A list whose rows are cells of fixed width, with the selected row in full below it: heads, visible rows, no more. */
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import type { Cursor } from '../model/list-cursor.ts';
import { plainLine, span } from './cells.ts';
import { dividerLine } from './divider.ts';
import type { Area, Line, Span, StyleName } from './view.ts';

export interface RowLook {
  readonly isSelected: boolean;
  readonly width: number;
}

export interface RowTable<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  readonly cursor: Cursor<string>;
  /** The heads, behind the cells of cursor and glyph. */
  heads(width: number): readonly Span[];
  /** Absent where rows can't be marked. */
  isMarked?(row: Row): boolean;
  glyph(row: Row): { readonly text: string; readonly style: StyleName | undefined };
  cells(row: Row, look: RowLook): readonly Span[];
  /** The selected row in full: a title, and sentences that are folded. */
  detail(row: Row): { readonly title: string; readonly words: string };
  /** What stands there instead of rows. */
  readonly empty: readonly Line[];
}

/** Cursor, glyph, and the spaces behind them. */
export const PREFIX_WIDTH = 4;
const DETAIL_LINES = 3;
const DETAIL_FROM_HEIGHT = 12;

/** Lines that the selected row takes in full, its divider included; 0 where there is no room. */
function detailHeight({ height }: Pick<Area, 'height'>): number {
  return height >= DETAIL_FROM_HEIGHT ? DETAIL_LINES + 1 : 0;
}

/** Rows that an area has room for. */
export function rowRoom(area: Pick<Area, 'height'>): number {
  return Math.max(1, area.height - 1 - detailHeight(area));
}

/** The whole list as lines. */
export function tableLines<Row extends { readonly id: string }>(
  table: RowTable<Row>,
  area: Area,
): readonly Line[] {
  const { rows, cursor } = table;
  const heads: Line = {
    spans: [span(' '.repeat(PREFIX_WIDTH), 'head'), ...table.heads(area.width)],
    fill: 'head',
  };
  if (rows.length === 0) return [heads, ...table.empty];
  const room = rowRoom(area);
  const shown = rows
    .slice(cursor.top, cursor.top + room)
    .map((row) => rowLine(table, row, area.width));
  const air = Array.from({ length: Math.max(0, room - shown.length) }, () => plainLine(''));
  return [
    heads,
    ...shown,
    ...(detailHeight(area) > 0 ? [...air, ...detailLines(table, area)] : []),
  ];
}

function rowLine<Row extends { readonly id: string }>(
  table: RowTable<Row>,
  row: Row,
  width: number,
): Line {
  const isSelected = table.cursor.selected === row.id;
  const { text, style } = table.glyph(row);
  const isPale = style === 'dim' || style === 'nodata';
  const isMarked = table.isMarked?.(row) ?? false;
  const spans = [
    span(isSelected ? '>' : ' '),
    span(isMarked ? '*' : ' ', isMarked && !isSelected ? 'marked' : undefined),
    span(`${text} `, isSelected && isPale ? undefined : style),
    ...table.cells(row, { isSelected, width }),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

function detailLines<Row extends { readonly id: string }>(
  { rows, cursor, detail }: RowTable<Row>,
  { width }: Area,
): readonly Line[] {
  const row = rows.find(({ id }) => id === cursor.selected);
  if (!row) return [dividerLine('', width)];
  const { title, words } = detail(row);
  const folded = foldWords(printable(words), width - 2).slice(0, DETAIL_LINES);
  return [dividerLine(printable(title), width), ...folded.map((text) => plainLine(` ${text}`))];
}
