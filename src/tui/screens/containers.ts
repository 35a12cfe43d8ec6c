/** The list of containers of the whole fleet, or of one environment: heads and the visible rows, no more. */

import type { Container, ContainerKey } from '../../protocol/container.ts';
import { containerWords, type RowTone, upWords } from '../format/container-words.ts';
import { publishedPorts } from '../format/port-words.ts';
import { projectOf } from '../model/condition.ts';
import { containerAt, environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, span } from './cells.ts';
import { type Column, columnsFor, PREFIX_WIDTH } from './container-columns.ts';
import { emptyLines } from './empty.ts';
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
  return state.scope === undefined && shownFleet(state).environments.size !== 1;
}

/** The table as lines: its heads, then as many rows as the area has room for. */
export function containerLines(state: AppState, area: Area): readonly Line[] {
  const list = state.containers;
  const columns = columnsFor(area.width, { hasHost: hasHostColumn(state), isWide: list.isWide });
  const heads = headLine(state, columns);
  if (list.order.length === 0)
    return [heads, ...emptyLines(state, { ...list, noun: 'containers' })];
  const window = list.order.slice(list.cursor.top, list.cursor.top + area.height - 1);
  return [heads, ...window.map((key) => rowLine(state, key, columns))];
}

const SORTED_COLUMN = { name: 'name', age: 'up', state: 'state', host: 'host', image: 'image' };

function headLine(state: AppState, columns: readonly Column[]): Line {
  const { by, isReversed } = state.containers.sort;
  const cells = columns.map((column) => {
    const isSorted = SORTED_COLUMN[by] === column.id;
    const head = isSorted ? `${column.head}${isReversed ? '↑' : '↓'}` : column.head;
    return cell(head, column.width + 1, 'head');
  });
  return { spans: [span(' '.repeat(PREFIX_WIDTH), 'head'), ...cells], fill: 'head' };
}

function rowLine(state: AppState, key: ContainerKey, columns: readonly Column[]): Line {
  const fleet = shownFleet(state);
  const container = containerAt(fleet, key);
  if (!container) return { spans: [] };
  const isSelected = state.containers.cursor.selected === key;
  const isMarked = state.containers.marks.has(key);
  const words = containerWords(container, {
    fleet,
    nowMs: state.nowMs,
    pending: state.pending.get(key),
  });
  const style = TONE_STYLES[words.tone];
  const quiet: StyleName | undefined = isSelected
    ? undefined
    : words.tone === 'nodata'
      ? 'nodata'
      : 'dim';
  const loud = isSelected && words.tone === 'ok' ? undefined : style;
  const look: RowLook = { quiet, loud, isSelected, isOff: words.tone === 'off' };
  const prefix: Span[] = [
    span(isSelected ? '>' : ' ', isSelected ? undefined : 'accent'),
    span(isMarked ? '*' : ' ', isMarked && !isSelected ? 'marked' : undefined),
    span(words.glyph, loud),
    span(' '),
  ];
  const spans = columns.flatMap((column) => [
    columnCell(state, container, column, { ...look, words: words.words }),
    span(' '),
  ]);
  const fill = isSelected ? 'selected' : isMarked ? 'marked' : undefined;
  return { spans: [...prefix, ...spans], ...(fill && { fill }) };
}

interface RowLook {
  readonly quiet: StyleName | undefined;
  readonly loud: StyleName | undefined;
  readonly isSelected: boolean;
  readonly isOff: boolean;
}

function columnCell(
  state: AppState,
  container: Container,
  { id, width }: Column,
  look: RowLook & { readonly words: string },
): Span {
  const { quiet, loud } = look;
  const fleet = shownFleet(state);
  switch (id) {
    case 'host':
      return nameCell(environmentName(fleet, container.environmentId), width, quiet);
    case 'name':
      return nameCell(container.name, width, nameStyle(look));
    case 'image':
      return nameCell(container.image, width, quiet);
    case 'state':
      return cell(look.words, width, loud);
    case 'up':
      return cell(upWords(container, fleet, state.nowMs), width, quiet);
    case 'ports':
      return cell(publishedPorts(container.ports).join(' '), width, quiet);
    case 'project':
      return nameCell(projectOf(container) ?? '', width, quiet);
    case 'networks':
      return cell(container.networks.join(' '), width, quiet);
    case 'id':
      return cell(container.id.slice(0, 12), width, quiet);
  }
}

function nameStyle({ isSelected, isOff, loud }: RowLook): StyleName | undefined {
  if (isSelected) return undefined;
  if (loud === 'nodata') return 'nodata';
  return isOff ? 'dim' : 'plain';
}
