/** The title line of each view: what it shows, its filter, and always how much of how much. */

import type { ContainerKey } from '../../protocol/container-key.ts';
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { ContainerList } from '../model/container-list.ts';
import type { LinkScreen } from '../model/link-view.ts';
import { containerAt, environmentIdOf, environmentName } from '../model/live-fleet.ts';
import type { OperationsScreen } from '../model/operation-list.ts';
import { isPeople, type PeopleScreen } from '../model/people-view.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import { isInScope } from '../model/scope.ts';
import type { LogLineScreen, Screen } from '../model/screen.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { auditSegments } from './audit.ts';
import { type Segment, spread } from './cells.ts';
import { bannerLine, foldedSegments, isFolded, scopeWords } from './chrome.ts';
import { diffSegments } from './diff.ts';
import { loadingWords } from './empty.ts';
import { progressWords } from './exec-view.ts';
import { inspectSegments } from './inspect.ts';
import { zoomedEntry } from './log-line.ts';
import { logsTitle } from './log-title.ts';
import { metricsSegments } from './metrics.ts';
import { operationsWords } from './operations.ts';
import { peopleSegments, peopleTitle } from './people.ts';
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
  if (isPeople(screen)) return listTitle(state, screen);
  switch (screen.kind) {
    case 'containers':
      return containersTitle(state);
    case 'environments':
      return environmentsTitle(state);
    case 'logs':
      return logsTitle(state, screen, fullName(state, screen.key));
    case 'log-line':
      return logLineTitle(state, screen);
    case 'describe':
      return titled(state, 'describe', fullName(state, screen.key));
    case 'inspect':
    case 'diff':
    case 'metrics':
    case 'processes':
    case 'audit':
      return sidedTitle(state, screen);
    case 'form':
    case 'key-made':
    case 'recovery-codes':
    case 'audit-row':
      return personTitle(state, screen);
    case 'help':
      return titled(state, 'help', `keys of ${screen.of}`);
    case 'environment': {
      const name = environmentName(shownFleet(state), screen.environmentId);
      return titled(state, 'environment', printable(name));
    }
    case 'link':
      return titled(state, 'link', linkTitle(state, screen));
    case 'environment-added':
      return titled(state, 'environment added', printable(screen.name));
    case 'wall':
      return titled(state, 'wall', '');
    case 'operations':
      return operationsTitle(state, screen);
    case 'exec':
      return execTitle(state);
    case 'info':
      return titled(state, 'info', 'this console');
    case 'messages':
      return titled(state, 'messages', `newest first, ${formatCount(state.messages.count)} in all`);
  }
}

function personTitle(
  state: AppState,
  screen: Extract<Screen, { kind: 'form' | 'key-made' | 'recovery-codes' | 'audit-row' }>,
): Line {
  switch (screen.kind) {
    case 'form':
      return titled(state, printable(screen.form.title), '');
    case 'key-made':
      return titled(state, 'new API key', printable(screen.description));
    case 'recovery-codes':
      return titled(state, 'recovery codes', '');
    case 'audit-row':
      return titled(state, 'audit row', formatCount(screen.record.sequence));
  }
}

function listTitle(state: AppState, screen: PeopleScreen): Line {
  const { left, right } = peopleSegments(state, screen);
  return sides(state, peopleTitle(screen), left, right);
}

type SidedScreen = Extract<
  Screen,
  { kind: 'inspect' | 'diff' | 'metrics' | 'processes' | 'audit' }
>;

/** Of the views that have words of their own at both sides. */
function sidedTitle(state: AppState, screen: SidedScreen): Line {
  switch (screen.kind) {
    case 'inspect': {
      const { left, right } = inspectSegments(screen, state.nowMs);
      const name: Segment = { text: fullName(state, screen.key), keep: 8 };
      return sides(state, 'inspect', [name, ...left], right);
    }
    case 'diff': {
      const { left, right } = diffSegments(screen);
      return sides(state, 'diff', left, right);
    }
    case 'metrics': {
      const name: Segment = { text: fullName(state, screen.key), keep: 8 };
      return sides(state, 'metrics', [name], metricsSegments(state, screen));
    }
    case 'processes': {
      const { left, right } = processSegments(screen, state.nowMs);
      const name: Segment = { text: fullName(state, screen.key), keep: 8 };
      return sides(state, 'processes', [name, ...left], right);
    }
    case 'audit': {
      const { left, right } = auditSegments(state, screen);
      return sides(state, 'audit', left, right);
    }
  }
}

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

function logLineTitle(state: AppState, screen: LogLineScreen): Line {
  const found = zoomedEntry(state, screen);
  const { source } = found?.entry ?? {};
  const name = source === undefined ? undefined : found?.log.merged?.sources[source]?.name;
  const words = name ?? (found ? fullName(state, found.log.key) : '');
  return titled(state, 'log line', words);
}
