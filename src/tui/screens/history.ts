/** The history of one object as a table, and who has told of it so far. */
import { formatAge, formatCount } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { FleetEvent } from '../model/fleet-event.ts';
import { type HistoryScreen, type Memory, shownHistory } from '../model/history-view.ts';
import { environmentName } from '../model/live-fleet.ts';
import { type AppState, shownEventsOf, shownFleet } from '../model/state.ts';
import { plainLine, type Segment } from './cells.ts';
import { eventCells, eventDetail, eventGlyph, eventHeads } from './event-cells.ts';
import { followSegment } from './events.ts';
import type { RowTable } from './row-table.ts';
import type { Line } from './view.ts';

const shown = (state: AppState, screen: HistoryScreen) =>
  shownHistory(shownEventsOf(state), shownFleet(state), screen);

/** The history as a table. */
export function historyTable(state: AppState, screen: HistoryScreen): RowTable<FleetEvent> {
  const breadth = screen.containerId === undefined ? 'environment' : 'container';
  return {
    rows: shown(state, screen),
    cursor: screen.cursor,
    heads: (width) => eventHeads(width, breadth),
    glyph: eventGlyph,
    cells: (event, look) => eventCells(state, event, { ...look, breadth }),
    detail: (event) => eventDetail(state, event),
    empty: noHistory(screen),
  };
}

function noHistory({ engine, filterText }: HistoryScreen): readonly Line[] {
  const [words, hint] =
    engine.kind === 'asked'
      ? ['Asking the engine what it remembers …', '']
      : engine.kind === 'failed'
        ? [printable(engine.why), 'f5 asks again']
        : filterText !== ''
          ? ['Nothing in it matches the filter', 'esc clears the filter']
          : ['Nobody remembers anything of it', 'Docker keeps its last 256 events'];
  return [plainLine(''), plainLine(`   ${words}`, 'plain'), plainLine(`   ${hint}`, 'dim')];
}

/** `eu-1/web-7`, `eu-1`. */
export function historyOf(state: AppState, screen: HistoryScreen): string {
  const host = environmentName(shownFleet(state), screen.environmentId);
  return printable(screen.containerId === undefined ? host : `${host}/${screen.name}`);
}

/** What the title says at the right: who has told, how many rows, whether the newest is followed. */
export function historySegments(state: AppState, screen: HistoryScreen): readonly Segment[] {
  const { engine, server } = screen;
  return [
    memorySegment(state, 'engine', engine),
    memorySegment(state, 'audit trail', server),
    { text: `${formatCount(shown(state, screen).length)} rows`, keep: 7 },
    followSegment(state, screen),
  ];
}

function memorySegment({ nowMs }: AppState, name: string, memory: Memory): Segment {
  switch (memory.kind) {
    case 'none':
      return { text: '', keep: 0 };
    case 'asked':
      return { text: `asking the ${name}…`, style: 'pending', keep: 6 };
    case 'failed':
      return { text: `no word of the ${name}`, style: 'warning', keep: 8 };
    case 'told':
      return { text: `${name} ${formatAge(nowMs - memory.atMs)} ago`, style: 'dim', keep: 4 };
  }
}
