/** An inspect answer as a tree; only the visible lines are ever built, however large the document or a value in it. */
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { cut, printable } from '../format/width.ts';
import { foldText, fromColumn } from '../format/wrap.ts';
import { type Entry, indexOf, pathOf } from '../model/document-tree.ts';
import type { InspectScreen } from '../model/inspect-view.ts';
import { plainLine, type Segment, span } from './cells.ts';
import { type RowText, rowText } from './tree-text.ts';
import type { Area, Line } from './view.ts';

/** A folded value takes at most so many characters, and a third of the screen more than it shows never. */
const MOST_FOLDED = 16_384;
const GUTTER = 2;

/** The first entry to show so that the selected one is visible, near the one that was first before. */
export function firstEntry(screen: InspectScreen, area: Area): number {
  const { at, entries } = screen;
  const last = Math.max(0, entries.length - 1);
  let top = Math.min(screen.top, at, last);
  if (!screen.isWrapped) return Math.max(0, Math.max(top, at - area.height + 1));
  top = Math.max(top, at - area.height + 1, 0);
  let rows = 0;
  for (let index = at; index >= top; index--) {
    rows += rowsOf(screen, entries[index] ?? 0, area).length;
    if (rows > area.height) return Math.min(at, index + 1);
  }
  return top;
}

/** The visible lines. */
export function inspectLines(screen: InspectScreen, area: Area): readonly Line[] {
  if (!screen.current) {
    const words = screen.why ?? 'asking the engine …';
    return foldText(printable(words), Math.max(8, area.width - 4)).map((row) =>
      plainLine(`   ${row}`, screen.why === undefined ? 'pending' : 'error'),
    );
  }
  const lines: Line[] = [];
  const found = new Set(screen.search?.matches);
  for (let at = firstEntry(screen, area); at < screen.entries.length; at++) {
    if (lines.length >= area.height) break;
    const entry = screen.entries[at] ?? 0;
    const isFound = entry >= 0 && found.has(entry);
    const look = { isSelected: at === screen.at, isFound };
    lines.push(...rowsOf(screen, entry, area).map((row, index) => rowLine(row, index, look)));
  }
  if (screen.tree.isCut && lines.length < area.height) {
    lines.push(plainLine('   ── there is more than this console keeps ──', 'warning'));
  }
  return lines.slice(0, area.height);
}

interface Row {
  readonly lead: string;
  readonly value: string;
  readonly style: RowText['style'];
}

function rowsOf(screen: InspectScreen, entry: Entry, { width, height }: Area): readonly Row[] {
  const room = Math.max(8, width - GUTTER);
  const most = screen.isWrapped ? Math.min(MOST_FOLDED, room * height) : screen.column + 2 * room;
  const isFolded = entry >= 0 && isFoldedAt(screen, entry);
  const { lead, value, style } = rowText(screen.tree, entry, { form: screen.form, isFolded, most });
  if (!screen.isWrapped) {
    const whole = fromColumn(lead + value, screen.column);
    const leadLeft = fromColumn(lead, Math.min(screen.column, lead.length));
    return [{ lead: cut(leadLeft, room), value: valueCut(whole, leadLeft, room), style }];
  }
  const [first = '', ...rest] = foldText(lead + value, room);
  const start = first.slice(0, lead.length);
  return [
    { lead: start, value: first.slice(start.length), style },
    ...rest.map((row) => ({ lead: '', value: row, style })),
  ];
}

const valueCut = (whole: string, lead: string, room: number): string =>
  cut(whole, room).slice(lead.length);

function isFoldedAt(screen: InspectScreen, entry: Entry): boolean {
  const { tree, folded } = screen;
  if (folded.size === 0 || (tree.rows[entry]?.inside ?? 0) === 0) return false;
  return folded.has(pathOf(tree, entry));
}

function rowLine(
  { lead, value, style }: Row,
  index: number,
  { isSelected, isFound }: { readonly isSelected: boolean; readonly isFound: boolean },
): Line {
  const sign = isSelected && index === 0 ? '> ' : '  ';
  const spans = [
    span(sign),
    span(lead, isFound ? 'match' : 'key'),
    span(value, isFound ? 'match' : style),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

/** What the title says of the view, from the left and from the right. */
export function inspectSegments(screen: InspectScreen, nowMs: number) {
  const { search, current, isAuto, isRevealed, why, previous } = screen;
  const row = indexOf(screen.entries[screen.at] ?? 0);
  const place = search?.matches.indexOf(row) ?? -1;
  const found = search
    ? `/${printable(search.text)} ${place >= 0 ? `${place + 1} of ` : ''}${formatCount(search.matches.length)}`
    : '';
  const left: Segment[] = [
    { text: found, style: 'match', keep: 7 },
    { text: isRevealed ? 'secrets shown' : '', style: 'warning', keep: 8 },
  ];
  const age = current && !isAuto ? `asked ${formatAge(nowMs - current.atMs)} ago` : '';
  const right: Segment[] = [
    { text: why !== undefined && current ? 'asking failed' : '', style: 'error', keep: 8 },
    { text: previous ? 'd: what changed' : '', style: 'dim', keep: 2 },
    { text: screen.isWrapped ? 'wrapped' : '', style: 'dim', keep: 1 },
    { text: screen.column > 0 ? `from column ${screen.column + 1}` : '', style: 'dim', keep: 3 },
    { text: current ? formatThings(screen.tree.rows.length, 'row') : '', style: 'dim', keep: 4 },
    { text: screen.form, keep: 6 },
    { text: isAuto ? 'every 2s' : age, style: isAuto ? 'accent' : 'dim', keep: 7 },
  ];
  return { left, right };
}
