/** The list of containers of the whole fleet, or of one environment: heads and the visible rows, no more. */

import type { Container } from '../../protocol/container.ts';
import { type ContainerKey, containerKey } from '../../protocol/container-key.ts';
import { formatBytes, formatCores } from '../format/amounts.ts';
import { containerWords, type RowTone, upWords } from '../format/container-words.ts';
import { fitList } from '../format/lists.ts';
import { publishedPorts } from '../format/port-words.ts';
import { projectOf } from '../model/condition.ts';
import { rangeKeys } from '../model/container-list.ts';
import type { SortKey } from '../model/container-sort.ts';
import { isGroup } from '../model/list-groups.ts';
import { containerAt, environmentName, freshFigure, isStale } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, rightCell, span } from './cells.ts';
import { type Column, type ColumnId, columnsFor, PREFIX_WIDTH } from './container-columns.ts';
import { emptyLines } from './empty.ts';
import { groupLine } from './group-row.ts';
import type { Area, Line, Span, StyleName } from './view.ts';

/** The look of the words that say what is up with a row. */
export const TONE_STYLES: Readonly<Record<RowTone, StyleName>> = {
  ok: 'dim',
  off: 'dim',
  changing: 'warning',
  problem: 'problem',
  nodata: 'nodata',
  pending: 'pending',
};

/** Whether rows of several environments can be in the list, so that the environment must be named. */
export function hasHostColumn(state: AppState): boolean {
  return typeof state.scope !== 'number' && shownFleet(state).environments.size !== 1;
}

/** The table as lines: its heads, then as many rows as the area has room for. */
export function containerLines(state: AppState, area: Area): readonly Line[] {
  const list = state.containers;
  const hasHost = hasHostColumn(state);
  const columns = columnsFor(area.width, { hasHost, isWide: list.isWide });
  const heads = headLine(state, columns);
  if (list.order.length === 0)
    return [heads, ...emptyLines(state, { ...list, noun: 'containers' })];
  const window = list.rows.slice(list.cursor.top, list.cursor.top + area.height - 1);
  const isFolded = hasHost && !columns.some(({ id }) => id === 'host');
  const ranged = new Set(rangeKeys(list));
  const rows = window.map((row) =>
    isGroup(row)
      ? groupLine(state, row, area.width)
      : rowLine(state, row, { columns, isFolded, ranged }),
  );
  return [heads, ...rows];
}

const SORTED_COLUMN: Readonly<Record<SortKey, ColumnId>> = {
  name: 'name',
  age: 'up',
  state: 'state',
  host: 'host',
  image: 'image',
  cpu: 'cpu',
  memory: 'memory',
  restarts: 'restarts',
};

const FIGURES: ReadonlySet<ColumnId> = new Set(['cpu', 'memory', 'restarts']);

function headLine(state: AppState, columns: readonly Column[]): Line {
  const { by, isReversed } = state.containers.sort;
  const cells = columns.map((column) => {
    const isSorted = SORTED_COLUMN[by] === column.id;
    const head = isSorted ? `${column.head}${isReversed ? '↓' : '↑'}` : column.head;
    // As their figures, at the right; the arrow takes the gap.
    const isFigure = FIGURES.has(column.id);
    if (isFigure && !isSorted) return span(`${head.padStart(column.width)} `, 'head');
    return cell(head, column.width + 1, 'head');
  });
  return { spans: [span(' '.repeat(PREFIX_WIDTH), 'head'), ...cells], fill: 'head' };
}

interface Table {
  readonly columns: readonly Column[];
  /** The environment has no column of its own and stands before the name. */
  readonly isFolded: boolean;
  /** In the range that is being marked. */
  readonly ranged: ReadonlySet<ContainerKey>;
}

function rowLine(state: AppState, key: ContainerKey, table: Table): Line {
  const { columns, isFolded } = table;
  const fleet = shownFleet(state);
  const container = containerAt(fleet, key);
  if (!container) return { spans: [] };
  const look = { ...rowLook(state, key, container), isFolded };
  const { isSelected } = look;
  const isMarked = look.isMarked || table.ranged.has(key);
  const spans: Span[] = [
    span(isSelected ? '>' : ' '),
    span(isMarked ? '*' : ' ', isMarked && !isSelected ? 'marked' : undefined),
    span(look.glyph, look.loud),
    span(' '),
  ];
  for (const column of columns) spans.push(columnCell(state, container, column, look), GAP);
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

const GAP = span(' ');

/** Their grey can't be read on the selected row. */
const QUIET_TONES: ReadonlySet<RowTone> = new Set(['ok', 'off', 'nodata']);

interface RowLook {
  readonly glyph: string;
  readonly words: string;
  /** Of the cells that only inform. */
  readonly quiet: StyleName | undefined;
  /** Of the glyph and the state. */
  readonly loud: StyleName | undefined;
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  readonly isOff: boolean;
  readonly isUnknown: boolean;
}

function rowLook(state: AppState, key: ContainerKey, container: Container): RowLook {
  const { nowMs, pending, containers } = state;
  const context = { fleet: shownFleet(state), nowMs, pending: pending.get(key) };
  const { glyph, words, tone } = containerWords(container, context);
  const isSelected = containers.cursor.selected === key;
  const isUnknown = tone === 'nodata';
  return {
    glyph,
    words,
    quiet: isSelected ? undefined : isUnknown ? 'nodata' : 'dim',
    loud: isSelected && QUIET_TONES.has(tone) ? undefined : TONE_STYLES[tone],
    isSelected,
    isMarked: containers.marks.has(key),
    isOff: tone === 'off',
    isUnknown,
  };
}

function columnCell(
  state: AppState,
  container: Container,
  { id, width }: Column,
  look: RowLook & Pick<Table, 'isFolded'>,
): Span {
  const { quiet, loud } = look;
  const fleet = shownFleet(state);
  switch (id) {
    case 'host':
      return nameCell(environmentName(fleet, container.environmentId), width, quiet);
    case 'name':
      return nameCell(rowName(state, container, look), width, nameStyle(look));
    case 'image':
      return nameCell(container.image, width, quiet);
    case 'state':
      return cell(look.words, width, loud);
    case 'cpu':
    case 'memory':
      return rightCell(figureWords(state, container, id), width, quiet);
    case 'restarts':
      return rightCell(String(Math.min(9_999, container.restartsSeen)), width, quiet);
    case 'up':
      return cell(look.isUnknown ? '?' : upWords(container, fleet, state.nowMs), width, quiet);
    case 'ports':
      return cell(fitList(publishedPorts(container.ports), width), width, quiet);
    case 'project':
      return nameCell(projectOf(container) ?? '', width, quiet);
    case 'networks':
      return cell(fitList(container.networks, width), width, quiet);
    case 'id':
      return cell(container.id.slice(0, 12), width, quiet);
  }
}

/** `-` for what does not run, `?` for what nobody knows by now. */
function figureWords(state: AppState, container: Container, id: 'cpu' | 'memory'): string {
  const fleet = shownFleet(state);
  if (isStale(fleet, container.environmentId)) return '?';
  if (container.state !== 'running' && container.state !== 'paused') return '-';
  const figure = freshFigure(fleet, containerKey(container), state.nowMs);
  if (!figure || (id === 'cpu' && figure.cpuCores === null)) return '?';
  return id === 'cpu' ? formatCores(figure.cpuCores ?? 0) : formatBytes(figure.memoryBytes);
}

function rowName(state: AppState, container: Container, { isFolded }: Pick<Table, 'isFolded'>) {
  if (!isFolded) return container.name;
  return `${environmentName(shownFleet(state), container.environmentId)}/${container.name}`;
}

function nameStyle({ isSelected, isMarked, isOff, loud }: RowLook): StyleName | undefined {
  if (isSelected) return undefined;
  if (isMarked) return 'marked';
  if (loud === 'nodata') return 'nodata';
  return isOff ? 'dim' : 'plain';
}
