/** The rows of lists that tell what happened: when, how long ago, to what, who told it, and what. */
import { formatAge } from '../format/amounts.ts';
import { formatClock, formatExactMoment } from '../format/clock.ts';
import { type EventSort, eventPath } from '../model/event-list.ts';
import { EVERYWHERE, type FleetEvent } from '../model/fleet-event.ts';
import { containerAt, environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, rightCell, span } from './cells.ts';
import { PREFIX_WIDTH, type RowLook } from './row-table.ts';
import type { Span, StyleName } from './view.ts';

/** What the rows can be about: its name need not be said in each of them. */
export type Breadth = 'fleet' | 'environment' | 'container';

interface Widths {
  readonly time: number;
  /** 0 where there is no room or no need, as for all that follow. */
  readonly age: number;
  readonly host: number;
  readonly name: number;
  readonly source: number;
  readonly image: number;
  readonly what: number;
}

const SOURCE_WIDTH = 7;
const AGE_WIDTH = 4;
const CLOCK_WIDTH = 8;
const MOMENT_WIDTH = 19;
const EXACT_WIDTH = 23;

function nameWidth(width: number): number {
  if (width < 60) return 16;
  return width < 160 ? 26 : 34;
}

function timeWidth(width: number, breadth: Breadth): number {
  if (width >= 160) return EXACT_WIDTH;
  return breadth === 'fleet' || width < 60 ? CLOCK_WIDTH : MOMENT_WIDTH;
}

function widthsFor(width: number, breadth: Breadth): Widths {
  const isRoomy = width >= 100;
  const isWide = width >= 160;
  const time = timeWidth(width, breadth);
  const age = isRoomy || (breadth !== 'fleet' && width >= 60) ? AGE_WIDTH : 0;
  const host = isRoomy && breadth === 'fleet' ? (isWide ? 20 : 14) : 0;
  const name =
    breadth === 'container' ? 0 : nameWidth(width) - (isRoomy || breadth === 'fleet' ? 0 : 8);
  const source = isRoomy || (breadth !== 'fleet' && width >= 60) ? SOURCE_WIDTH : 0;
  const image = isWide && breadth !== 'container' ? 34 : 0;
  const all = [time, age, host, name, source, image];
  const taken = all.reduce((sum, one) => sum + (one > 0 ? one + 1 : 0), 0);
  return { time, age, host, name, source, image, what: Math.max(8, width - PREFIX_WIDTH - taken) };
}

const LOOKS: Readonly<Record<FleetEvent['tone'], readonly [string, StyleName]>> = {
  problem: ['!', 'problem'],
  nodata: ['?', 'warning'],
  changing: ['~', 'pending'],
  plain: ['o', 'dim'],
};

/** Glyph and look of what happened. */
export function eventGlyph({ tone }: Pick<FleetEvent, 'tone'>) {
  const [text, style] = LOOKS[tone];
  return { text, style };
}

const SOURCES: Readonly<Record<FleetEvent['source'], string>> = {
  feed: 'told by the feed',
  console: 'done from this console',
  engine: 'remembered by the engine',
  server: "from the server's audit trail",
  problem: 'from the problems',
};

/** The selected row in full. */
export function eventDetail(state: AppState, event: FleetEvent) {
  return {
    title: eventPath(shownFleet(state), event),
    words: `${formatExactMoment(event.atMs)}, ${SOURCES[event.source]}: ${event.text}`,
  };
}

/** The heads; with an order, an arrow stands at its column. */
export function eventHeads(
  width: number,
  breadth: Breadth,
  order?: { readonly sort: EventSort; readonly isReversed: boolean },
): readonly Span[] {
  const { time, age, host, name, what, source, image } = widthsFor(width, breadth);
  const head = (text: string, by: EventSort | undefined) =>
    order && order.sort === by ? `${text}${order.isReversed ? '↓' : '↑'}` : text;
  const left = (text: string, room: number, by?: EventSort) =>
    room === 0 ? [] : [cell(head(text, by), room + 1, 'head')];
  return [
    ...left('TIME', time, 'age'),
    ...(age === 0 ? [] : [rightCell('AGE', age, 'head'), span(' ', 'head')]),
    ...left('HOST', host, 'host'),
    ...left('OBJECT', name, 'name'),
    ...left('SOURCE', source),
    ...left('IMAGE', image),
    cell(head('WHAT', 'urgency'), what, 'head'),
  ];
}

function timeWords(atMs: number, width: number): string {
  if (width === CLOCK_WIDTH) return formatClock(atMs);
  return formatExactMoment(atMs).slice(0, width);
}

/** The cells of one row. */
export function eventCells(
  state: AppState,
  event: FleetEvent,
  { isSelected, width, breadth }: RowLook & { readonly breadth: Breadth },
): readonly Span[] {
  const fleet = shownFleet(state);
  const { time, age, host, name, what, source, image } = widthsFor(width, breadth);
  const { environmentId, containerId, atMs, tone } = event;
  const look = (style: StyleName) => (isSelected ? undefined : style);
  const container =
    containerId === undefined ? undefined : containerAt(fleet, `${environmentId}/${containerId}`);
  const hasHost = environmentId !== EVERYWHERE;
  const isOwn = event.source === 'console';
  const some = (room: number, made: () => Span) => (room === 0 ? [] : [made(), span(' ')]);
  return [
    ...some(time, () => cell(timeWords(atMs, time), time, look('dim'))),
    ...some(age, () => rightCell(formatAge(state.nowMs - atMs), age, look('dim'))),
    ...some(host, () =>
      nameCell(hasHost ? environmentName(fleet, environmentId) : '', host, look('dim')),
    ),
    ...some(name, () =>
      nameCell(nameWords(state, event, host > 0 || breadth !== 'fleet'), name, look('plain')),
    ),
    ...some(source, () => cell(event.source, source, look(isOwn ? 'accent' : 'dim'))),
    ...some(image, () => nameCell(container?.image ?? '', image, look('dim'))),
    cell(event.text, what, look(tone === 'plain' ? 'plain' : LOOKS[tone][1])),
  ];
}

/** The name alone where the environment is told beside it or is the same for all. */
function nameWords(state: AppState, event: FleetEvent, isHostKnown: boolean): string {
  const { environmentId, containerId, name } = event;
  if (!isHostKnown) return eventPath(shownFleet(state), event);
  return containerId === undefined && environmentId !== EVERYWHERE ? 'environment' : name;
}
