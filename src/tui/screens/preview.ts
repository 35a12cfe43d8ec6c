/** The pane beside or below a list: the object under the cursor, told from feed data only, so that moving costs no request. */
import type { Environment } from '../../protocol/environment.ts';
import { formatAge, formatBytes, formatCount, formatPercent } from '../format/amounts.ts';
import { formatMoment } from '../format/clock.ts';
import { printable } from '../format/width.ts';
import {
  ageOf,
  EMPTY_TALLY,
  elapsedSince,
  environmentName,
  freshLoad,
} from '../model/live-fleet.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEnvironment, subject } from '../model/subject.ts';
import { type Fact, factLines, feedFacts, labelFacts } from './details.ts';
import { connectionAge, environmentWords } from './environments.ts';
import type { Line } from './view.ts';

export interface Preview {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Title and lines of the pane at a width; empty when nothing is under the cursor. */
export function previewOf(state: AppState, width: number): Preview {
  if (topScreen(state).kind === 'environments') {
    const environment = selectedEnvironment(state);
    if (!environment) return { title: '', lines: [] };
    const facts = environmentFacts(state, environment);
    return { title: printable(environment.name), lines: factLines(facts, width) };
  }
  const container = subject(state);
  if (!container) return { title: '', lines: [] };
  const host = environmentName(shownFleet(state), container.environmentId);
  const facts = [...feedFacts(state, container), ...labelFacts(container)];
  return { title: printable(`${host}/${container.name}`), lines: factLines(facts, width) };
}

/** What is known of an environment. */
export function environmentFacts(state: AppState, environment: Environment): readonly Fact[] {
  const fleet = shownFleet(state);
  const { style, words } = environmentWords(fleet, environment, state.nowMs);
  const tally = fleet.tallies.get(environment.id) ?? EMPTY_TALLY;
  const age = ageOf(fleet, environment, state.nowMs);
  const fact = (name: string, ...texts: readonly string[]): Fact => ({ name, texts });
  const since = connectionAge(fleet, environment, state.nowMs);
  const counts = [
    `${formatCount(tally.running)} of ${formatCount(tally.total)} running`,
    ...(tally.problems > 0 ? [`${formatCount(tally.problems)} with problems`] : []),
  ];
  return [
    { name: 'state', texts: [`${words}, ${environment.connection} for ${since}`], style },
    ...(environment.reason === null
      ? []
      : [{ name: 'why', texts: [environment.reason], style: 'warning' as const }]),
    ...maintenanceFacts(state, environment),
    fact('data', age === undefined ? 'none so far' : `${formatAge(age)} old`),
    fact('containers', counts.join(', ')),
    ...loadFacts(state, environment),
    fact('address', environment.address),
    fact('reached by', KIND_WORDS[environment.kind]),
    ...engineFacts(environment),
  ];
}

function maintenanceFacts({ fleet }: AppState, { maintenance }: Environment): readonly Fact[] {
  if (!maintenance) return [];
  const { untilMs, by, why } = maintenance;
  const until = formatMoment(untilMs + fleet.clockOffsetMs);
  return [{ name: 'maintenance', texts: [`until ${until}, by ${by}: ${why}`], style: 'pending' }];
}

function loadFacts(state: AppState, { id, connection }: Environment): readonly Fact[] {
  const fleet = shownFleet(state);
  const load = connection === 'up' ? freshLoad(fleet, id, state.nowMs) : undefined;
  if (!load) return [];
  const total = load.memoryTotalBytes > 0 ? ` of ${formatBytes(load.memoryTotalBytes)}` : '';
  const cpu = `${formatPercent(load.cpuPercent)} of the host's cpu`;
  const memory = `${formatBytes(load.memoryBytes)}${total} memory`;
  const age = formatAge(elapsedSince(fleet, load.atMs, state.nowMs));
  return [{ name: 'in use', texts: [`${cpu}, ${memory}, ${age} ago`] }];
}

/** How an environment of each kind is reached. */
export const KIND_WORDS = {
  socket: 'a local socket',
  tcp: "the engine's own TCP port",
  agent: 'an agent that we dial',
  'edge-agent': 'an agent that dials us',
} as const;

function engineFacts({ engine }: Environment): readonly Fact[] {
  if (!engine) return [{ name: 'engine', texts: ['has not answered yet'] }];
  const { cpus, memoryBytes } = engine;
  return [
    { name: 'engine', texts: [`${engine.kind} ${engine.version}, API ${engine.apiVersion}`] },
    { name: 'host', texts: [engine.hostName] },
    { name: 'system', texts: [`${engine.operatingSystem}, ${engine.architecture}`] },
    { name: 'machine', texts: [`${cpus} cpu, ${formatBytes(memoryBytes)} memory`] },
  ];
}
