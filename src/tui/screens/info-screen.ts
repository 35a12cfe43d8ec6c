/** The console itself in readable lines: versions, files, terminal, what it holds of what it may, what it asks of whom. */
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { formatAge, formatBytes, formatCount, formatThings } from '../format/amounts.ts';
import { formatClock } from '../format/clock.ts';
import { MOST_EVENTS } from '../model/fleet-event.ts';
import type { ConsoleFacts, HostTraffic, InfoScreen } from '../model/info-view.ts';
import { environmentName } from '../model/live-fleet.ts';
import { LOG_LIMITS } from '../model/log-buffer.ts';
import { MAX_SOURCES } from '../model/merged-logs.ts';
import { KEPT_MESSAGES } from '../model/message.ts';
import { MOST_OWN_LINES, MOST_OWN_SIZE } from '../model/own-log.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine } from './cells.ts';
import { type Fact, factLines } from './details.ts';
import { freshness } from './freshness.ts';
import { KIND_WORDS } from './preview.ts';
import type { Line } from './view.ts';

const fact = (name: string, ...texts: readonly string[]): Fact => ({ name, texts });

/** All lines of the view. */
export function infoLines(state: AppState, { facts }: InfoScreen, width: number): readonly Line[] {
  const part = (title: string, lines: readonly Fact[]): readonly Line[] =>
    lines.length === 0
      ? []
      : [plainLine(` ${title}`, 'title'), ...factLines(lines, width), plainLine('')];
  return [
    ...part('Versions', versionFacts(state, facts)),
    ...part('Source', sourceFacts(state)),
    ...(facts
      ? [
          ...part('Files and process', fileFacts(facts)),
          ...part('Terminal', terminalFacts(state, facts)),
        ]
      : [plainLine(' asking …', 'pending'), plainLine('')]),
    ...part('Held of what may be held', heldFacts(state)),
    ...part('Asked of hosts by these screens', trafficFacts(state, facts?.traffic ?? [])),
  ];
}

/** Words with how often each is there, the most frequent first. */
function counted(words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.map(([word, count]) => (count === 1 ? word : `${word} on ${formatCount(count)}`));
}

function versionFacts(state: AppState, facts: ConsoleFacts | undefined): readonly Fact[] {
  const engines = [...shownFleet(state).environments.values()].flatMap(({ engine }) =>
    engine ? [`${engine.kind} ${engine.version} (API ${engine.apiVersion})`] : [],
  );
  const agents = counted((facts?.agents ?? []).map(({ product }) => product));
  return [
    fact('console', `fleet-tui ${PRODUCT_VERSION}${facts ? `, Node ${facts.nodeVersion}` : ''}`),
    ...(state.serverUrl === undefined
      ? []
      : [fact('server', facts?.serverVersion ?? 'has not told it yet')]),
    ...(agents.length > 0 ? [fact('agents', ...agents)] : []),
    fact('engines', ...(engines.length > 0 ? counted(engines) : ['none has answered yet'])),
  ];
}

function sourceFacts(state: AppState): readonly Fact[] {
  const { connection, fleet } = state;
  const why = 'reason' in connection ? `: ${connection.reason}` : '';
  const kinds = counted([...fleet.environments.values()].map(({ kind }) => KIND_WORDS[kind]));
  const offset = Math.round(fleet.clockOffsetMs / 1_000);
  return [
    fact('source', state.title),
    fact(
      'state',
      `${connection.kind === 'live' ? '' : `${connection.kind}${why}, `}${freshness(state).text}`,
    ),
    fact(
      'feed',
      fleet.sequence === undefined ? 'no snapshot yet' : `message ${formatCount(fleet.sequence)}`,
    ),
    ...(Math.abs(offset) > 1
      ? [
          fact(
            'its clock',
            `${Math.abs(offset)}s ${offset > 0 ? 'behind' : 'ahead of'} this machine's`,
          ),
        ]
      : []),
    ...(kinds.length > 0 ? [fact('reached by', ...kinds)] : []),
  ];
}

function fileFacts(facts: ConsoleFacts): readonly Fact[] {
  const { configPath, isConfigThere, logPath, processId, residentBytes, heapBytes, upMs } = facts;
  return [
    fact('config', `${configPath}${isConfigThere ? '' : ' (not there)'}`),
    fact('log', logPath ?? 'only on the screen behind ~'),
    fact('process', `${processId}, up ${formatAge(upMs)}`),
    fact(
      'memory',
      `${formatBytes(residentBytes)} resident, ${formatBytes(heapBytes)} of it live objects`,
    ),
  ];
}

function terminalFacts({ size }: AppState, { terminal }: ConsoleFacts): readonly Fact[] {
  const { name, colors, isAscii, isSynchronized, painted, skipped } = terminal;
  return [
    fact('TERM', name === '' ? 'not set' : name),
    fact('size', `${size.width}x${size.height}`),
    fact('colours', colors === 0 ? 'none' : formatCount(colors)),
    fact('characters', isAscii ? 'ASCII only' : 'Unicode'),
    fact(
      'updates',
      isSynchronized ? 'synchronized' : 'not synchronized: the terminal has not said it can',
    ),
    fact(
      'frames',
      `${formatCount(painted)} painted, ${formatCount(skipped)} left out while it was slow`,
    ),
  ];
}

const share = (held: number, most: number, noun: string) =>
  `${formatCount(held)} of ${formatCount(most)} ${noun}`;

function heldFacts(state: AppState): readonly Fact[] {
  const { events, messages, ownLog } = state;
  const fleet = shownFleet(state);
  const containers = [...fleet.tallies.values()].reduce((sum, { total }) => sum + total, 0);
  const logs = state.screens.flatMap((screen) => (screen.kind === 'logs' ? [screen] : []));
  const logTexts = logs.map(
    ({ log, merged }) =>
      `${share(log.end - log.first, LOG_LIMITS.lines, 'lines')}, ${formatBytes(log.bytes)} of ${formatBytes(LOG_LIMITS.bytes)}, ${share(merged?.sources.length ?? 1, MAX_SOURCES, 'streams')}, ${formatCount(log.letGo)} lines let go`,
  );
  const since =
    events.sinceMs === undefined ? '' : `, watched since ${formatClock(events.sinceMs)}`;
  return [
    fact(
      'fleet',
      `${formatThings(fleet.environments.size, 'environment')}, ${formatThings(containers, 'container')}, ${formatThings(fleet.problems.size, 'problem')}`,
    ),
    fact('logs', ...(logTexts.length > 0 ? logTexts : ['no log is open'])),
    fact(
      'events',
      `${share(events.all.length, MOST_EVENTS, 'events')}, ${formatCount(events.count - events.all.length)} let go${since}`,
    ),
    fact('messages', share(messages.all.length, KEPT_MESSAGES, 'messages')),
    fact(
      'own log',
      `${share(ownLog.all.length, MOST_OWN_LINES, 'lines')}, ${formatBytes(ownLog.size)} of ${formatBytes(MOST_OWN_SIZE)}`,
    ),
    fact('jobs', formatThings(state.jobs.length, 'job')),
  ];
}

const MOST_SHOWN = 20;

/** Who is asked most stands first. */
function trafficFacts(state: AppState, traffic: readonly HostTraffic[]): readonly Fact[] {
  if (traffic.length === 0)
    return [fact('', 'nothing so far: lists, states and events come by the feed')];
  const sorted = traffic.toSorted(
    (a, b) =>
      b.streams - a.streams || b.lastMinute - a.lastMinute || a.environmentId - b.environmentId,
  );
  const shown = sorted
    .slice(0, MOST_SHOWN)
    .map((one) =>
      fact(environmentName(shownFleet(state), one.environmentId).slice(0, 12), trafficWords(one)),
    );
  const rest = sorted.length - shown.length;
  return rest > 0 ? [...shown, fact('', `and ${formatThings(rest, 'other host')}`)] : shown;
}

function trafficWords({ streams, underWay, lastMinute, total }: HostTraffic): string {
  const waiting = underWay > 0 ? `, ${formatCount(underWay)} under way` : '';
  return `${formatThings(streams, 'stream')} open, ${formatThings(lastMinute, 'request')} in the last minute${waiting}, ${formatCount(total)} in all`;
}
