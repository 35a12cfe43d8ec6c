/** The list of events as a table: what happened in the fleet and what was done from here. */
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { formatClock, formatMoment } from '../format/clock.ts';
import { type EventsScreen, shownEvents } from '../model/event-list.ts';
import { type FleetEvent, MOST_EVENTS } from '../model/fleet-event.ts';
import type { FollowedScreen, RowScreen } from '../model/row-screen.ts';
import { type AppState, shownEventsOf, shownFleet } from '../model/state.ts';
import { plainLine, type Segment } from './cells.ts';
import { eventCells, eventDetail, eventGlyph, eventHeads } from './event-cells.ts';
import type { RowTable } from './row-table.ts';
import type { Line } from './view.ts';

/** The list as a table. */
export function eventTable(state: AppState, screen: EventsScreen): RowTable<FleetEvent> {
  return {
    rows: shownEvents(shownEventsOf(state), shownFleet(state), state.scope, screen),
    cursor: screen.cursor,
    heads: (width) => eventHeads(width, 'fleet', screen),
    glyph: eventGlyph,
    cells: (event, look) => eventCells(state, event, { ...look, breadth: 'fleet' }),
    detail: (event) => eventDetail(state, event),
    empty: noEvents(state, screen),
  };
}

function noEvents(
  { events, nowMs, scope }: AppState,
  { filterText }: EventsScreen,
): readonly Line[] {
  const isNarrowed = events.all.length > 0;
  const hint = filterText !== '' ? 'esc clears the filter' : '0 shows all environments';
  const watched = `watched for ${formatAge(nowMs - (events.sinceMs ?? nowMs))}; b on a container or environment tells what was before`;
  const [words, more] =
    isNarrowed && (filterText !== '' || scope !== undefined)
      ? ['No such event', hint]
      : events.sinceMs === undefined
        ? ['Waiting for the first data …', 'what happens from then on comes here']
        : ['Nothing has happened so far', watched];
  return [plainLine(''), plainLine(`   ${words}`, 'plain'), plainLine(`   ${more}`, 'dim')];
}

/** What the title says at the right: whether it follows, since when events are known, how many were let go. */
export function eventSegments(state: AppState, screen: EventsScreen): readonly Segment[] {
  const events = shownEventsOf(state);
  const { all, count, sinceMs } = events;
  const shown = shownEvents(events, shownFleet(state), state.scope, screen).length;
  const letGo = count - all.length;
  const knownMs = letGo > 0 ? all[0]?.atMs : sinceMs;
  const isOld = knownMs !== undefined && state.nowMs - knownMs > 12 * 3_600_000;
  const since = knownMs === undefined ? '' : isOld ? formatMoment(knownMs) : formatClock(knownMs);
  return [
    {
      text: letGo > 0 ? `${formatCount(letGo)} older let go` : '',
      style: 'warning',
      keep: 8,
    },
    { text: since === '' ? '' : `since ${since}`, style: 'dim', keep: 5 },
    { text: `${formatCount(shown)} of ${formatCount(all.length)}`, keep: 6 },
    followSegment(state, screen),
  ];
}

/** How many rows there ever were of the kind that a list follows. */
export function endCount({ events, ownLog }: AppState, { kind }: RowScreen): number {
  return kind === 'own-log' ? ownLog.count : events.count;
}

/** Whether the newest row is followed, and how many came since it is not. */
export function followSegment(state: AppState, screen: FollowedScreen): Segment {
  const { frozen, events } = state;
  const { isFollowing, seenCount } = screen;
  if (frozen && screen.kind !== 'own-log') {
    const wait = formatThings(events.count - frozen.events.count, 'event');
    return { text: `frozen, ${wait} wait`, style: 'warning', keep: 9 };
  }
  if (isFollowing) return { text: 'follow', style: 'accent', keep: 9 };
  const fresh = Math.min(MOST_EVENTS, endCount(state, screen) - seenCount);
  const words = fresh > 0 ? `paused, ${formatCount(fresh)} new` : 'paused';
  return { text: words, style: 'warning', keep: 9 };
}
