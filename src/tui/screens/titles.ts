/** The title line of each view: what it shows, its filter, and always how much of how much. */

import type { ContainerKey } from '../../protocol/container-key.ts';
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { rangeWords } from '../format/range-words.ts';
import { printable } from '../format/width.ts';
import type { ContainerList } from '../model/container-list.ts';
import type { LinkScreen } from '../model/link-view.ts';
import { containerAt, environmentIdOf, environmentName } from '../model/live-fleet.ts';
import { isReadForward } from '../model/log-range.ts';
import type { MergedLogs } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';
import type { OperationsScreen } from '../model/operation-list.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import { isInScope } from '../model/scope.ts';
import type { LogLineScreen, Screen } from '../model/screen.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { type Segment, spread } from './cells.ts';
import { bannerLine, foldedSegments, isFolded, scopeWords } from './chrome.ts';
import { diffSegments } from './diff.ts';
import { loadingWords } from './empty.ts';
import { progressWords } from './exec-view.ts';
import { inspectSegments } from './inspect.ts';
import { zoomedEntry } from './log-line.ts';
import {
  choiceWords,
  failedCount,
  lateCount,
  shiftedHosts,
  sourcesWords,
  statesWords,
} from './log-sources.ts';
import { metricsSegments } from './metrics.ts';
import { operationsWords } from './operations.ts';
import { processSegments } from './processes.ts';
import { rowTitle } from './row-screens.ts';
import type { Line } from './view.ts';

/** `eu-1/web-3`; the id's beginning when the container is gone. */
export function fullName(state: AppState, key: ContainerKey): string {
  const fleet = shownFleet(state);
  const name = containerAt(fleet, key)?.name ?? key.slice(key.indexOf('/') + 1).slice(0, 12);
  return printable(`${environmentName(fleet, environmentIdOf(key))}/${name}`);
}

/** The title line of the view on top; on a low terminal it is the status line too. */
export function titleLine(state: AppState): Line {
  const banner = isFolded(state) ? bannerLine(state) : undefined;
  if (banner) return banner;
  const screen = topScreen(state);
  return isRowScreen(screen) ? rowTitle(state, screen) : ownTitle(state, screen);
}

function ownTitle(state: AppState, screen: Exclude<Screen, RowScreen>): Line {
  switch (screen.kind) {
    case 'containers':
      return containersTitle(state);
    case 'environments':
      return environmentsTitle(state);
    case 'logs':
      return logsTitle(state, screen);
    case 'log-line':
      return logLineTitle(state, screen);
    case 'describe':
      return titled(state, 'describe', fullName(state, screen.key));
    case 'inspect': {
      const { left, right } = inspectSegments(screen, state.nowMs);
      return sides(state, 'inspect', [named(state, screen.key), ...left], right);
    }
    case 'diff': {
      const { left, right } = diffSegments(screen);
      return sides(state, 'diff', left, right);
    }
    case 'metrics':
      return sides(state, 'metrics', [named(state, screen.key)], metricsSegments(state, screen));
    case 'processes': {
      const { left, right } = processSegments(screen, state.nowMs);
      return sides(state, 'processes', [named(state, screen.key), ...left], right);
    }
    case 'help':
      return titled(state, 'help', `keys of ${screen.of}`);
    case 'environment': {
      const name = environmentName(shownFleet(state), screen.environmentId);
      return titled(state, 'environment', printable(name));
    }
    case 'link':
      return titled(state, 'link', linkTitle(state, screen));
    case 'sign-in':
      return titled(state, 'sign in', `to ${printable(state.serverUrl ?? state.title)}`);
    case 'add-environment':
      return titled(state, 'add environment', `to ${printable(state.title)}`);
    case 'environment-added':
      return titled(state, 'environment added', printable(screen.name));
    case 'wall':
      return titled(state, 'wall', '');
    case 'operations':
      return operationsTitle(state, screen);
    case 'exec':
      return execTitle(state);
    case 'messages':
      return titled(state, 'messages', `newest first, ${formatCount(state.messages.count)} in all`);
  }
}

const named = (state: AppState, key: ContainerKey): Segment => ({
  text: fullName(state, key),
  keep: 8,
});

/** The name, and how old what the server said is. */
function linkTitle(state: AppState, screen: LinkScreen): string {
  const name = printable(environmentName(shownFleet(state), screen.environmentId));
  if (!screen.status) return name;
  return `${name}, asked ${formatAge(state.nowMs - screen.statusAtMs)} ago`;
}

function titled(state: AppState, name: string, words: string): Line {
  const left: Segment[] = [
    { text: name, style: 'title', keep: 9 },
    { text: words, keep: 8 },
  ];
  return { spans: spread(left, foldedSegments(state), state.size.width) };
}

function sides(
  state: AppState,
  name: string,
  left: readonly Segment[],
  right: readonly Segment[],
): Line {
  const title: Segment = { text: name, style: 'title', keep: 9 };
  const all = [...right, ...foldedSegments(state)];
  return { spans: spread([title, ...left], all, state.size.width) };
}

function operationsTitle(state: AppState, screen: OperationsScreen): Line {
  const left: Segment[] = [
    { text: 'operations', style: 'title', keep: 9 },
    ...filterSegments({ filterText: screen.filterText, problemsOnly: false }),
  ];
  const right: Segment[] = [{ text: operationsWords(state), keep: 9 }];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function execTitle(state: AppState): Line {
  const { exec: run } = state;
  if (!run) return titled(state, 'exec', '');
  const left: Segment[] = [
    { text: 'exec', style: 'title', keep: 9 },
    { text: printable(run.command), keep: 8 },
  ];
  const right: Segment[] = [{ text: progressWords(run), style: 'accent', keep: 9 }];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function filterSegments(list: { readonly filterText: string; readonly problemsOnly: boolean }) {
  const text = list.filterText === '' ? '' : `/${printable(list.filterText)}`;
  const segments: Segment[] = [
    { text, style: 'match', keep: 8 },
    { text: list.problemsOnly ? '! problems only' : '', style: 'problem', keep: 8 },
  ];
  return segments;
}

function containersTitle(state: AppState): Line {
  const list = state.containers;
  const total = totalInScope(state);
  const name = state.scope === undefined ? 'containers' : `containers of ${scopeWords(state)}`;
  const waiting = state.frozen
    ? `frozen, ${formatThings(state.frozen.waiting.size, 'update')} wait`
    : '';
  const marked =
    list.marks.size > 0 && state.size.width >= 110 ? `${formatCount(list.marks.size)} marked` : '';
  const left: Segment[] = [{ text: name, style: 'title', keep: 9 }, ...filterSegments(list)];
  const right: Segment[] = [
    { text: loadingWords(state), style: 'pending', keep: 6 },
    { text: waiting, style: 'warning', keep: 7 },
    { text: list.rangeFrom === undefined ? '' : 'range', style: 'accent', keep: 7 },
    { text: marked, style: 'accent', keep: 5 },
    { text: `${formatCount(list.order.length)} of ${formatCount(total)}`, keep: 9 },
    { text: sortWords(list), style: 'dim', keep: 3 },
  ];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function sortWords({ sort }: ContainerList): string {
  const groups = sort.groupBy === 'none' ? '' : `in groups by ${sort.groupBy}, `;
  return `${groups}by ${sort.by}${sort.isReversed ? ' reversed' : ''}`;
}

function totalInScope(state: AppState): number {
  let total = 0;
  for (const [id, tally] of shownFleet(state).tallies) {
    if (isInScope(shownFleet(state), state.scope, id)) total += tally.total;
  }
  return total;
}

function environmentsTitle(state: AppState): Line {
  const list = state.environments;
  const all = shownFleet(state).environments.size;
  const left: Segment[] = [
    { text: 'environments', style: 'title', keep: 9 },
    ...filterSegments(list),
  ];
  const right: Segment[] = [
    { text: loadingWords(state), style: 'pending', keep: 6 },
    { text: `${formatCount(list.order.length)} of ${formatCount(all)}`, keep: 9 },
  ];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function logsTitle(state: AppState, screen: LogsScreen): Line {
  const { merged } = screen;
  const { log, search } = screen;
  const place = search?.current === undefined ? -1 : search.matches.indexOf(search.current);
  const found = search
    ? `/${printable(search.text)} ${place >= 0 ? `${place + 1} of ` : ''}${formatCount(search.matches.length)}`
    : '';
  const left: Segment[] = [
    { text: 'logs', style: 'title', keep: 9 },
    { text: merged ? sourcesWords(merged) : fullName(state, screen.key), keep: 8 },
    { text: found, style: 'match', keep: 7 },
    { text: search && screen.lens !== 'all' ? LENS_WORDS[screen.lens] : '', keep: 6 },
    { text: merged ? choiceWords(merged) : '', style: 'match', keep: 6 },
    { text: rangeWords(screen.range), style: 'dim', keep: 5 },
  ];
  const dropped = log.letGo > 0 ? `${formatCount(log.letGo)} older let go` : '';
  const right: Segment[] = [
    { text: dropped, style: 'warning', keep: 8 },
    {
      text: screen.column > 0 && !screen.isWrapped ? `from column ${screen.column + 1}` : '',
      style: 'dim',
      keep: 2,
    },
    { text: formatThings(log.end - log.first, 'line'), style: 'dim', keep: 4 },
    ...(merged ? mergedSegments(merged) : [streamSegment(screen)]),
    { text: modeWords(screen), style: screen.isFollowing ? 'accent' : 'warning', keep: 9 },
  ];
  return { spans: spread(left, [...right, ...foldedSegments(state)], state.size.width) };
}

function modeWords({ log, stream, range, isFollowing, seenEnd, selection }: LogsScreen): string {
  if (selection) return 'selecting';
  if (stream.kind === 'done') return 'not followed';
  if (isFollowing) return 'follow';
  const fresh = isReadForward(range) ? 0 : log.end - seenEnd;
  return `paused${fresh > 0 ? `, ${formatCount(fresh)} new` : ''}`;
}

function logLineTitle(state: AppState, screen: LogLineScreen): Line {
  const found = zoomedEntry(state, screen);
  const { source } = found?.entry ?? {};
  const name = source === undefined ? undefined : found?.log.merged?.sources[source]?.name;
  const words = name ?? (found ? fullName(state, found.log.key) : '');
  return titled(state, 'log line', words);
}

const LENS_WORDS = { matches: 'matches only', context: 'with context' } as const;

function mergedSegments(merged: MergedLogs): readonly Segment[] {
  const failed = failedCount(merged);
  const late = lateCount(merged);
  const shifted = shiftedHosts(merged);
  return [
    { text: shifted > 0 ? `${formatThings(shifted, 'clock')} shifted` : '', keep: 4 },
    { text: statesWords(merged), style: 'pending', keep: 5 },
    { text: late > 0 ? `${formatCount(late)} late` : '', style: 'warning', keep: 8 },
    { text: failed > 0 ? `${formatCount(failed)} failed` : '', style: 'error', keep: 8 },
  ];
}

function streamSegment({ stream }: LogsScreen): Segment {
  switch (stream.kind) {
    case 'opening':
      return { text: 'waiting for lines', style: 'pending', keep: 6 };
    case 'following':
      return { text: '', keep: 0 };
    case 'done':
      return { text: 'read', style: 'dim', keep: 6 };
    case 'ended':
      return { text: 'ended', style: 'nodata', keep: 6 };
    case 'failed':
      return { text: 'failed', style: 'error', keep: 6 };
  }
}
