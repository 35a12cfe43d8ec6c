/** What stands beside or below the tiles of the wall: the newest problems and, where there is room, the last events. */
import type { Problem } from '../../protocol/problem.ts';
import { formatThings } from '../format/amounts.ts';
import { formatClock } from '../format/clock.ts';
import { pad, printable } from '../format/width.ts';
import { eventPath } from '../model/event-list.ts';
import { environmentName } from '../model/live-fleet.ts';
import { isMuted } from '../model/open-problems.ts';
import { type AppState, dayTime, shownFleet } from '../model/state.ts';
import type { Tile } from '../model/wall-tiles.ts';
import { nameCell, plainLine, span } from './cells.ts';
import { dividerLine } from './divider.ts';
import type { Area, Line, StyleName } from './view.ts';
import { problemWords } from './wall-tile.ts';

/** `eu-1/web-7`, or `eu-1` for the environment itself. */
export function problemName(state: AppState, problem: Problem): string {
  const host = environmentName(shownFleet(state), problem.environmentId);
  return printable(problem.containerId === null ? host : `${host}/${problem.name}`);
}

/** The look of a problem: quiet once somebody sees to it. */
export function problemStyle({ severity, acknowledged, mutedUntilMs }: Problem): StyleName {
  if (mutedUntilMs !== null) return 'dim';
  if (severity === 'no-data') return 'warning';
  return acknowledged === null && severity === 'problem' ? 'problem' : 'warning';
}

function newestOf(tiles: readonly Tile[]): readonly Problem[] {
  const all = new Map<string, Problem>();
  for (const tile of tiles)
    for (const problem of tile.problems) if (!isMuted(problem)) all.set(problem.id, problem);
  return [...all.values()].sort((a, b) => b.sinceMs - a.sinceMs || (a.id < b.id ? -1 : 1));
}

function problemLine(state: AppState, problem: Problem, width: number): Line {
  const { acknowledged, sinceMs } = problem;
  const by = acknowledged ? `ack ${printable(acknowledged.by)}` : 'ack -';
  const name = Math.max(10, Math.min(26, Math.floor(width * 0.32)));
  const ack = width >= 70 ? 14 : 0;
  const clock =
    width >= 60 ? `${formatClock(dayTime(state, sinceMs + state.fleet.clockOffsetMs))} ` : '';
  const rest = Math.max(0, width - name - ack - clock.length - 4);
  const words = problemWords(state, problem);
  const why = width >= 70 && problem.severity === 'no-data' ? `, ${problem.sentence}` : '';
  return {
    spans: [
      span(` ${clock}`, 'dim'),
      nameCell(problemName(state, problem), name, problemStyle(problem)),
      span('  '),
      span(pad(printable(words + why), rest), acknowledged ? 'dim' : 'plain'),
      ...(ack > 0 ? [span(pad(` ${by}`, ack), acknowledged ? 'dim' : 'warning')] : []),
    ],
  };
}

function problemLines(state: AppState, tiles: readonly Tile[], area: Area): readonly Line[] {
  const newest = newestOf(tiles);
  const rows = area.height - 1;
  const cut = newest.length > rows ? newest.slice(0, rows) : newest;
  const title =
    newest.length > cut.length
      ? `newest of ${formatThings(newest.length, 'problem')}`
      : 'newest problems';
  const none = newest.length === 0 ? [plainLine(' none', 'dim')] : [];
  return [
    dividerLine(title, area.width),
    ...none,
    ...cut.map((problem) => problemLine(state, problem, area.width)),
  ];
}

const EVENT_STYLES = {
  problem: 'problem',
  nodata: 'warning',
  changing: 'pending',
  plain: 'dim',
} as const;

function eventLines(state: AppState, area: Area): readonly Line[] {
  const newest = state.events.all.slice(-(area.height - 1)).toReversed();
  const lines = newest.map((event): Line => {
    const full = printable(eventPath(shownFleet(state), event));
    const name = Math.max(10, Math.floor(area.width * 0.42));
    return {
      spans: [
        span(` ${formatClock(dayTime(state, event.atMs))} `, 'dim'),
        nameCell(full, name, 'dim'),
        span('  '),
        span(
          pad(printable(event.text), Math.max(0, area.width - name - 13)),
          EVENT_STYLES[event.tone],
        ),
      ],
    };
  });
  return [dividerLine('events', area.width), ...lines];
}

/** The strip below the tiles. */
export function stripLines(state: AppState, tiles: readonly Tile[], area: Area): readonly Line[] {
  return problemLines(state, tiles, area);
}

/** The column beside the tiles: problems above, events below. */
export function sideLines(state: AppState, tiles: readonly Tile[], area: Area): readonly Line[] {
  const above = Math.ceil(area.height * 0.6);
  const problems = problemLines(state, tiles, { ...area, height: above });
  const gap = Array.from({ length: Math.max(0, above - problems.length) }, () => plainLine(''));
  return [...problems, ...gap, ...eventLines(state, { ...area, height: area.height - above })];
}
