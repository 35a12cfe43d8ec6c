/** What differs between two inspect answers, by subject; what differs between any two containers is noise. */
import { type Branch, isBranch, type Json } from './document.ts';

export type DiffSubject =
  | 'image'
  | 'command'
  | 'variables'
  | 'limits'
  | 'mounts'
  | 'labels'
  | 'networks'
  | 'ports'
  | 'other'
  | 'noise';

export interface Difference {
  readonly subject: DiffSubject;
  readonly name: string;
  /** Undefined when that side has nothing of this name. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

export interface DocumentDiff {
  readonly differences: readonly Difference[];
  /** Of what is no noise. */
  readonly equal: number;
}

const ORDER: readonly DiffSubject[] = [
  ...(['image', 'command', 'variables', 'limits', 'mounts'] as const),
  ...(['labels', 'networks', 'ports', 'other', 'noise'] as const),
];

const COMMAND = new Set(['Cmd', 'Entrypoint', 'WorkingDir', 'User', 'StopSignal', 'Healthcheck']);
const LIMITS =
  /^(?:Memory|Nano|Cpu|Cpuset|Pids|Blkio|Ulimits|ShmSize|OomKill|OomScore|Kernel|Device)/u;
/** Told better elsewhere, or another one for each container. */
const SKIPPED = new Set(['Image', 'Env', 'Labels', 'Binds', 'Mounts', 'PortBindings']);
const NOISY = new Set(['Hostname', 'ContainerIDFile', 'ConsoleSize', 'ExposedPorts']);

/** The differences, subject by subject, then by name. */
export function diffDocuments(left: Json, right: Json): DocumentDiff {
  const [one, two] = [factsOf(left), factsOf(right)];
  const differences: Difference[] = [];
  let equal = 0;
  for (const key of [...new Set([...one.keys(), ...two.keys()])].sort()) {
    const at = key.indexOf(' ');
    const subject = ORDER[Number(key.slice(0, at))] ?? 'other';
    const [a, b] = [one.get(key), two.get(key)];
    if (a !== b) differences.push({ subject, name: key.slice(at + 1), left: a, right: b });
    else if (subject !== 'noise') equal++;
  }
  return { differences, equal };
}

/** Facts by the number of their subject and their name. */
type Facts = Map<string, string>;

function factsOf(document: Json): Facts {
  const facts: Facts = new Map();
  const set = (subject: DiffSubject, name: string, value: Json) => {
    const text = wordsOf(value);
    if (text !== '') facts.set(`${ORDER.indexOf(subject)} ${name}`, text);
  };
  const config = field(document, 'Config');
  const host = field(document, 'HostConfig');
  set('image', 'image', field(config, 'Image'));
  set('image', 'digest', field(document, 'Image'));
  for (const entry of items(field(config, 'Env'))) {
    const [name = '', ...rest] = String(entry).split('=');
    set('variables', name, rest.join('=') || '(empty)');
  }
  for (const [name, value] of fields(field(config, 'Labels'))) set('labels', name, value);
  for (const mount of items(field(document, 'Mounts'))) setMount(set, mount);
  const networks = field(field(document, 'NetworkSettings'), 'Networks');
  for (const [name, value] of fields(networks)) {
    set('networks', name, networkWords(value));
  }
  for (const [name, value] of fields(field(host, 'PortBindings'))) set('ports', name, value);
  for (const [name, value] of fields(config)) {
    if (!SKIPPED.has(name)) leaves(configSubject(name), name, value, set);
  }
  for (const [name, value] of fields(host)) {
    if (!SKIPPED.has(name)) leaves(hostSubject(name), name, value, set);
  }
  for (const [name, value] of fields(document)) {
    if (!['Config', 'HostConfig', 'Mounts', 'Image'].includes(name)) {
      leaves('noise', name, value, set);
    }
  }
  return facts;
}

type Set3 = (subject: DiffSubject, name: string, value: Json) => void;

function configSubject(name: string): DiffSubject {
  if (NOISY.has(name)) return 'noise';
  return COMMAND.has(name) ? 'command' : 'other';
}

function hostSubject(name: string): DiffSubject {
  if (NOISY.has(name)) return 'noise';
  return LIMITS.test(name) ? 'limits' : 'other';
}

function leaves(subject: DiffSubject, name: string, value: Json, set: Set3): void {
  if (!isBranch(value) || Array.isArray(value)) {
    set(subject, name, value);
    return;
  }
  for (const [inner, entry] of fields(value)) leaves(subject, `${name}.${inner}`, entry, set);
}

function setMount(set: Set3, mount: Json): void {
  const word = (name: string) => wordsOf(field(mount, name));
  const source = word('Name') || word('Source');
  const rights = field(mount, 'RW') === false ? 'read-only' : 'writable';
  set('mounts', word('Destination'), `${word('Type')} ${source} ${rights}`.trim());
}

/** Addresses are noise; that it is connected, and under which names, is not. */
function networkWords(network: Json): string {
  const aliases = items(field(network, 'Aliases')).map(String);
  const named = aliases.filter((alias) => !/^[0-9a-f]{12}$/u.test(alias)).sort();
  return named.length > 0 ? `connected as ${named.join(', ')}` : 'connected';
}

function wordsOf(value: Json): string {
  if (value === null) return '';
  if (!isBranch(value)) return String(value);
  const text = JSON.stringify(value);
  return text === '{}' || text === '[]' ? '' : text;
}

function field(value: Json, name: string): Json {
  if (!isBranch(value) || Array.isArray(value)) return null;
  return (value as Readonly<Record<string, Json>>)[name] ?? null;
}

const fields = (value: Json): [string, Json][] =>
  isBranch(value) && !Array.isArray(value) ? Object.entries(value as Branch) : [];
const items = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
