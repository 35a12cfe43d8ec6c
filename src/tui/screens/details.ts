/** A container in readable lines: first from the feed alone, so that it costs nothing, then with what inspect adds. */
import type { Container } from '../../protocol/container.ts';
import { formatAge, formatBytes, formatCount } from '../format/amounts.ts';
import { formatMoment } from '../format/clock.ts';
import { containerWords } from '../format/container-words.ts';
import { innerPorts, publishedPorts } from '../format/port-words.ts';
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { projectOf } from '../model/condition.ts';
import type { Inspection } from '../model/inspection.ts';
import { elapsedSince, environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { span } from './cells.ts';
import { TONE_STYLES } from './containers.ts';
import type { Line, StyleName } from './view.ts';

/** A name and what there is to say; several texts go below each other. */
export interface Fact {
  readonly name: string;
  readonly texts: readonly string[];
  readonly style?: StyleName;
}

const NAME_WIDTH = 12;

/** Facts as lines of `width` cells, names at the left, long texts folded under themselves. */
export function factLines(facts: readonly Fact[], width: number): readonly Line[] {
  const room = Math.max(8, width - NAME_WIDTH - 1);
  return facts.flatMap((fact) => {
    const rows = fact.texts.flatMap((text) => foldWords(printable(text), room));
    return rows.map((row, index): Line => {
      const name = index === 0 ? fact.name : '';
      return { spans: [span(` ${name.padEnd(NAME_WIDTH)}`, 'dim'), span(row, fact.style)] };
    });
  });
}

/** What the feed alone tells of a container. */
export function feedFacts(state: AppState, container: Container): readonly Fact[] {
  const fleet = shownFleet(state);
  const pending = state.pending.get(`${container.environmentId}/${container.id}`);
  const words = containerWords(container, { fleet, nowMs: state.nowMs, pending });
  const ago = (atMs: number) => formatAge(elapsedSince(fleet, atMs, state.nowMs));
  const project = projectOf(container);
  const fact = (name: string, ...texts: readonly string[]): Fact => ({ name, texts });
  return [
    {
      name: 'state',
      texts: [stateText(container, words.words, ago)],
      style: TONE_STYLES[words.tone],
    },
    fact('host', environmentName(fleet, container.environmentId)),
    fact('image', container.image),
    ...(project === undefined ? [] : [fact('project', project)]),
    ...portFacts(container),
    fact('networks', container.networks.join(', ') || 'none'),
    fact('mounts', formatCount(container.mountCount)),
    fact('created', `${ago(container.createdAtMs)} ago, ${formatMoment(container.createdAtMs)}`),
    fact('command', container.command || '(the image decides)'),
    fact('id', container.id.slice(0, 12)),
  ];
}

function stateText(container: Container, words: string, ago: (atMs: number) => string): string {
  const { startedAtMs, finishedAtMs } = container;
  if (words.startsWith('stale') || words === 'no data')
    return `${words}; it was ${container.state}`;
  if (startedAtMs !== null) {
    const state = words === container.state ? words : `${words}, ${container.state}`;
    return `${state} for ${ago(startedAtMs)}`;
  }
  if (container.state !== 'exited') return words;
  const ended = finishedAtMs === null ? '' : `, ${ago(finishedAtMs)} ago`;
  return `exited with status ${container.exitCode ?? 0}${ended}`;
}

function portFacts(container: Container): readonly Fact[] {
  const published = publishedPorts(container.ports);
  const inner = innerPorts(container.ports);
  return [
    { name: 'ports', texts: [published.join('  ') || 'none published'] },
    ...(inner.length > 0 ? [{ name: 'inside', texts: [inner.join('  ')] }] : []),
  ];
}

/** Labels, those of tools that label everything last. */
export function labelFacts(container: Container): readonly Fact[] {
  const labels = Object.entries(container.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const own = labels.filter(([name]) => !name.startsWith('com.docker.'));
  const tools = labels.filter(([name]) => name.startsWith('com.docker.'));
  const texts = [...own, ...tools].map(([name, value]) => `${name}=${value}`);
  return [{ name: 'labels', texts: texts.length > 0 ? texts : ['none'] }];
}

/** What inspect adds. */
export function inspectFacts(inspection: Inspection): readonly Fact[] {
  const fact = (name: string, ...texts: readonly string[]): Fact => ({ name, texts });
  const warn = (name: string, text: string): Fact => ({ name, texts: [text], style: 'problem' });
  const { mounts, networks, variables } = inspection;
  return [
    ...(inspection.wasOutOfMemory ? [warn('killed', 'it ran out of memory (OOM)')] : []),
    ...(inspection.error === '' ? [] : [warn('error', inspection.error)]),
    ...probeFacts(inspection),
    fact('restarts', `${inspection.restartCount} (policy ${inspection.restartPolicy || 'no'})`),
    fact('limits', limitWords(inspection)),
    fact('user', inspection.user || 'root'),
    ...specialFacts(inspection),
    fact('folder', inspection.workingFolder || '/'),
    fact('addresses', ...orNone(networks.map(({ name, address }) => `${name} ${address || '-'}`))),
    fact(
      'volumes',
      ...orNone(
        mounts.map(
          (m) => `${m.source || m.kind} on ${m.target}${m.isWritable ? '' : ' (read-only)'}`,
        ),
      ),
    ),
    fact('log driver', inspection.logDriver || '-'),
    fact(
      'variables',
      variables.length > 0
        ? `${variables.join(', ')} (values masked; y and then x reveals them)`
        : 'none',
    ),
  ];
}

const orNone = (texts: readonly string[]) => (texts.length > 0 ? texts : ['none']);

function probeFacts({ probes }: Inspection): readonly Fact[] {
  const last = probes.at(-1);
  if (!last) return [];
  const failures = probes.length - 1 - probes.findLastIndex((probe) => probe.exitCode === 0);
  if (failures === 0) return [{ name: 'health', texts: ['the last check passed'] }];
  const words = `check failed ${failures}x, status ${last.exitCode}: ${last.output.trim()}`;
  return [{ name: 'health', texts: [words.slice(0, 400)], style: 'problem' }];
}

function limitWords({ cpus, memoryBytes }: Inspection): string {
  const cpu = cpus > 0 ? `cpu ${Number(cpus.toFixed(2))}` : 'cpu unlimited';
  return `${cpu}, memory ${memoryBytes > 0 ? formatBytes(memoryBytes) : 'unlimited'}`;
}

function specialFacts({ isPrivileged, isReadOnly }: Inspection): readonly Fact[] {
  const privileged: Fact = {
    name: 'rights',
    texts: ['privileged: root on the host'],
    style: 'warning',
  };
  const readOnly: Fact = { name: 'file system', texts: ['read-only'] };
  return [...(isPrivileged ? [privileged] : []), ...(isReadOnly ? [readOnly] : [])];
}
