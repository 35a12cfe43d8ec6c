/** The list of problems: what is wrong where, since when, how often, and who sees to it. */
import type { Problem } from '../../protocol/problem.ts';
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { formatClock, formatMoment } from '../format/clock.ts';
import { printable } from '../format/width.ts';
import { elapsedSince, environmentName } from '../model/live-fleet.ts';
import {
  countProblems,
  type ProblemSort,
  type ProblemsScreen,
  problemPath,
  problemsInRange,
  shownProblems,
} from '../model/problem-list.ts';
import { isInScope } from '../model/scope.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, plainLine, rightCell, type Segment, span } from './cells.ts';
import { emptyLines, loadingCount } from './empty.ts';
import { PREFIX_WIDTH, type RowLook, type RowTable } from './row-table.ts';
import type { Line, Span, StyleName } from './view.ts';

interface Widths {
  /** 0 where the environment stands before the name. */
  readonly host: number;
  readonly name: number;
  readonly what: number;
  /** 0 where there is no room. */
  readonly kind: number;
  readonly times: number;
  readonly seen: number;
}

const SINCE_WIDTH = 5;

function widthsFor(width: number): Widths {
  const isWide = width >= 160;
  const host = width < 100 ? 0 : isWide ? 20 : 14;
  const name = width < 60 ? 16 : width < 100 ? 24 : isWide ? 30 : 22;
  const kind = isWide ? 14 : 0;
  const times = width < 60 ? 0 : 5;
  const seen = width < 60 ? 0 : width < 100 ? 14 : isWide ? 44 : 26;
  const gaps = [host, name, kind, times, seen].filter((one) => one > 0).length + 1;
  const rest = width - PREFIX_WIDTH - host - name - kind - SINCE_WIDTH - times - seen - gaps;
  return { host, name, kind, times, seen, what: Math.max(8, rest) };
}

const LOOKS: Readonly<Record<Problem['severity'], readonly [string, StyleName]>> = {
  problem: ['!', 'problem'],
  'no-data': ['?', 'nodata'],
  degraded: ['~', 'warning'],
};

function glyphOf({ severity, acknowledged, mutedUntilMs, endedAtMs }: Problem) {
  const [text, style] = LOOKS[severity];
  if (endedAtMs !== null) return { text: 'o', style: 'dim' as const };
  if (mutedUntilMs !== null) return { text: 'z', style: 'dim' as const };
  return { text, style: acknowledged === null ? style : ('warning' as const) };
}

/** Time since, of the list's own clock. */
const ago = (state: AppState, atMs: number) =>
  formatAge(elapsedSince(state.fleet, atMs, state.nowMs));

/** `ack ops: on it`, `muted 42m by ops`, `ended 3m ago`, or `-`. */
function seenWords(state: AppState, problem: Problem): string {
  const { acknowledged, mutedUntilMs, muted, endedAtMs } = problem;
  if (endedAtMs !== null) return `ended ${ago(state, endedAtMs)} ago`;
  const noted = (note: string | undefined) => (note ? `: ${note}` : '');
  const left = (mutedUntilMs ?? 0) + state.fleet.clockOffsetMs - state.nowMs;
  const words = [
    ...(acknowledged ? [`ack ${acknowledged.by}${noted(acknowledged.note)}`] : []),
    ...(mutedUntilMs === null
      ? []
      : [`muted ${formatAge(left)}${muted ? ` ${muted.by}` : ''}${noted(muted?.note)}`]),
  ];
  return words.length === 0 ? '-' : words.join(', ');
}

/** The list as a table. */
export function problemTable(state: AppState, screen: ProblemsScreen): RowTable<Problem> {
  const ranged = new Set(problemsInRange(shownFleet(state), state.scope, screen));
  return {
    rows: shownProblems(shownFleet(state), state.scope, screen),
    cursor: screen.cursor,
    heads: (width) => headSpans(screen, width),
    isMarked: ({ id }) => screen.marks.has(id) || ranged.has(id),
    glyph: glyphOf,
    cells: (problem, look) => cellsOf(state, problem, look),
    detail: (problem) => ({
      title: problemPath(shownFleet(state), problem),
      words: detailWords(state, problem),
    }),
    empty: noProblems(state, screen.filterText),
  };
}

/** `No problems` is said only when everything in scope has told its containers or why it can't. */
function noProblems(state: AppState, filterText: string): readonly Line[] {
  const { loaded, all } = loadingCount(state);
  const isKnown = state.fleet.heardAtMs !== undefined && loaded === all && all > 0;
  if (filterText !== '' || !isKnown) {
    return emptyLines(state, { filterText, problemsOnly: false, noun: 'problems' });
  }
  const up = [...shownFleet(state).environments.values()].filter(
    ({ id, connection }) => connection === 'up' && isInScope(shownFleet(state), state.scope, id),
  ).length;
  const hint = `${formatCount(up)} of ${formatThings(all, 'environment')} answer`;
  return [plainLine(''), plainLine('   No problems', 'plain'), plainLine(`   ${hint}`, 'dim')];
}

function headSpans({ sort, isReversed }: ProblemsScreen, width: number): readonly Span[] {
  const { host, name, kind, what, times, seen } = widthsFor(width);
  const head = (text: string, by: ProblemSort | undefined) =>
    sort === by ? `${text}${isReversed ? '↓' : '↑'}` : text;
  const left = (text: string, room: number, by?: ProblemSort) =>
    room === 0 ? [] : [cell(head(text, by), room + 1, 'head')];
  return [
    ...left('HOST', host, 'host'),
    ...left('OBJECT', name, 'name'),
    ...left('KIND', kind),
    ...left('WHAT', what, 'urgency'),
    rightCell(head('SINCE', 'age'), SINCE_WIDTH, 'head'),
    span(' ', 'head'),
    ...(times === 0 ? [] : [rightCell(head('TIMES', 'times'), times, 'head'), span(' ', 'head')]),
    ...(seen === 0 ? [] : [cell('SEEN TO BY', seen, 'head')]),
  ];
}

function cellsOf(
  state: AppState,
  problem: Problem,
  { isSelected, width }: RowLook,
): readonly Span[] {
  const fleet = shownFleet(state);
  const { host, name, kind, what, times, seen } = widthsFor(width);
  const isQuiet = problem.endedAtMs !== null || problem.mutedUntilMs !== null;
  const quiet: StyleName | undefined = isSelected ? undefined : 'dim';
  const plain: StyleName | undefined = isSelected ? undefined : isQuiet ? 'dim' : 'plain';
  const object = problem.containerId === null && host > 0 ? 'environment' : problem.name;
  const shownName = host > 0 ? object : problemPath(fleet, problem);
  const isFree = problem.acknowledged === null && !isQuiet;
  const gap = span(' ');
  return [
    ...(host === 0
      ? []
      : [nameCell(environmentName(fleet, problem.environmentId), host, quiet), gap]),
    ...[nameCell(shownName, name, plain), gap],
    ...(kind === 0 ? [] : [cell(problem.kind, kind, quiet), gap]),
    ...[cell(problem.sentence, what, plain), gap],
    ...[rightCell(ago(state, problem.sinceMs), SINCE_WIDTH, quiet), gap],
    ...(times === 0 ? [] : [rightCell(timesWords(problem), times, quiet), gap]),
    ...(seen === 0
      ? []
      : [
          cell(
            seenWords(state, problem),
            seen,
            isSelected ? undefined : isFree ? 'warning' : 'dim',
          ),
        ]),
  ];
}

const timesWords = ({ times }: Problem) => String(Math.min(9_999, times));

function detailWords(state: AppState, problem: Problem): string {
  const { clockOffsetMs } = state.fleet;
  const { sentence, sinceMs, times, lastSeenMs, acknowledged, mutedUntilMs, muted } = problem;
  const at = (ms: number) => formatClock(ms + clockOffsetMs);
  const noted = (note: string | undefined) => (note ? `: ${note}` : '');
  const words = [
    `${problem.kind}: ${sentence}`,
    `Since ${formatMoment(sinceMs + clockOffsetMs)}, ${formatThings(times, 'time')}, last told ${at(lastSeenMs)}`,
    ...(problem.endedAtMs === null ? [] : [`Ended ${at(problem.endedAtMs)}`]),
    ...(acknowledged
      ? [
          `Acknowledged by ${acknowledged.by} at ${at(acknowledged.atMs)}${noted(acknowledged.note)}`,
        ]
      : []),
    ...(mutedUntilMs === null
      ? []
      : [
          `Muted${muted ? ` by ${muted.by}` : ''} until ${formatMoment(mutedUntilMs + clockOffsetMs)}${noted(muted?.note)}`,
        ]),
  ];
  return words.map((one) => one.replace(/\.$/u, '')).join('. ');
}

/** What the title says at the right: counts and order. */
export function problemSegments(state: AppState, screen: ProblemsScreen): readonly Segment[] {
  const fleet = shownFleet(state);
  const { lasting, ended } = countProblems(fleet, state.scope);
  const shown = shownProblems(fleet, state.scope, screen).length;
  const all = lasting + (screen.lastingOnly ? 0 : ended);
  const words = screen.lastingOnly || ended === 0 ? '' : `${formatCount(ended)} ended`;
  return [
    { text: words, style: 'dim', keep: 4 },
    { text: `${formatCount(shown)} of ${formatCount(all)}`, keep: 9 },
    {
      text: `by ${screen.sort}${screen.isReversed ? ' reversed' : ''}`,
      style: 'dim',
      keep: 3,
    },
  ];
}

/** What is copied of a problem: one line. */
export function problemText(state: AppState, problem: Problem): string {
  return printable(`${problemPath(shownFleet(state), problem)}: ${detailWords(state, problem)}`);
}
