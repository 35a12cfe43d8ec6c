/**
 * Docker's words about a container (an entry of GET /containers/json) as our Container. Its times are rounded there;
 * what was known before is kept as long as the words don't contradict it.
 */
import type { ContainerInfo } from 'dockerode';
import type { Container, PublishedPort } from '../protocol/container.ts';
import { CONTAINER_STATES, type ContainerStateName } from '../protocol/container-key.ts';
import { type AgeRange, parseAge } from './age-words.ts';
import { looseNumber, looseObject, looseObjects, looseStrings, looseText } from './loose.ts';

/** A moment of a container's life, exact when an event told it. */
export interface KnownTime {
  readonly atMs: number;
  readonly isExact: boolean;
}

/** What was known of a container before the present list. */
export interface KnownTimes {
  readonly started?: KnownTime | undefined;
  readonly finished?: KnownTime | undefined;
}

export interface TranslateOptions {
  readonly environmentId: number;
  /** When the list was taken. */
  readonly nowMs: number;
  readonly known: KnownTimes;
  readonly restartsSeen?: number;
  readonly oomsSeen?: number;
}

/** Clocks of two machines and the time between list and answer differ by less than this, or we don't trust the match. */
const TOLERANCE_MS = 5_000;

/** Never throws: a field that is missing or odd becomes the emptiest value of its kind. */
export function containerFromInfo(info: ContainerInfo, options: TranslateOptions): Container {
  const { environmentId, nowMs, known } = options;
  const state = stateOf(looseText(info.State));
  const status = parseStatus(looseText(info.Status));
  const runs = state === 'running' || state === 'paused';
  const ended = state === 'exited' || state === 'dead' || state === 'restarting';
  const started = runs ? settle(status.age, nowMs, known.started) : undefined;
  const finished = ended ? settle(status.age, nowMs, known.finished) : undefined;
  return {
    environmentId,
    id: info.Id,
    name: nameOf(info),
    image: looseText(info.Image),
    imageId: looseText(info.ImageID),
    command: looseText(info.Command),
    createdAtMs: looseNumber(info.Created) * 1000,
    state,
    health: status.health,
    exitCode: ended ? status.exitCode : null,
    startedAtMs: started?.atMs ?? null,
    finishedAtMs: finished?.atMs ?? null,
    isTimeExact: (started ?? finished)?.isExact ?? false,
    ports: portsOf(info.Ports),
    labels: looseStrings(info.Labels),
    networks: Object.keys(looseObject(looseObject(info.NetworkSettings).Networks)).sort(),
    mountCount: looseObjects(info.Mounts).length,
    networkOf: networkOf(info),
    restartsSeen: options.restartsSeen ?? 0,
    oomsSeen: options.oomsSeen ?? 0,
  };
}

interface StatusWords {
  readonly age: AgeRange | undefined;
  readonly exitCode: number | null;
  readonly health: Container['health'];
}

/** Reads "Up 3 minutes (healthy)", "Exited (137) 2 minutes ago", "Restarting (1) 5 seconds ago", "Created". */
export function parseStatus(status: string): StatusWords {
  const up = /^Up (.*?)(?: \((.*)\))?$/.exec(status);
  if (up) return { age: parseAge(up[1] ?? ''), exitCode: null, health: healthOf(up[2]) };
  const ended = /^(?:Exited|Restarting|Dead|Stopped) \((-?\d+)\)(?: (.*?))?(?: ago)?$/.exec(status);
  if (!ended) return { age: undefined, exitCode: null, health: 'none' };
  return { age: parseAge(ended[2] ?? ''), exitCode: Number(ended[1]), health: 'none' };
}

/** The known time if `age` allows it, else it pulled into the range, else the range's newest end; undefined without words. */
function settle(
  age: AgeRange | undefined,
  nowMs: number,
  known: KnownTime | undefined,
): KnownTime | undefined {
  if (!age) return known;
  const earliest = nowMs - age.maxMs;
  const latest = nowMs - age.minMs;
  if (!known) return { atMs: latest, isExact: false };
  const fits = known.atMs >= earliest - TOLERANCE_MS && known.atMs <= latest + TOLERANCE_MS;
  if (fits) return known;
  return { atMs: Math.min(Math.max(known.atMs, earliest), latest), isExact: false };
}

const STATES: ReadonlySet<string> = new Set(CONTAINER_STATES);

/** Podman's own state names, and Docker's for the moments between. */
const OTHER_STATES: Readonly<Record<string, ContainerStateName>> = {
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

function stateOf(word: string): ContainerStateName {
  const state = word.toLowerCase();
  return STATES.has(state) ? (state as ContainerStateName) : (OTHER_STATES[state] ?? 'dead');
}

function healthOf(words: string | undefined): Container['health'] {
  if (words === 'healthy' || words === 'unhealthy') return words;
  return words === 'health: starting' || words === 'starting' ? 'starting' : 'none';
}

function nameOf(info: ContainerInfo): string {
  const listed: unknown = info.Names;
  const names = (Array.isArray(listed) ? listed : []).map((name) => looseText(name).slice(1));
  // A legacy link shows as "other/alias" among the names.
  return names.find((name) => name !== '' && !name.includes('/')) || info.Id.slice(0, 12);
}

function networkOf(info: ContainerInfo): string | null {
  const mode = looseText(looseObject(info.HostConfig).NetworkMode);
  return mode.startsWith('container:') ? mode.slice('container:'.length) : null;
}

function portsOf(ports: unknown): PublishedPort[] {
  return looseObjects(ports)
    .map((port) => {
      const publicPort = looseNumber(port.PublicPort) || null;
      return {
        privatePort: looseNumber(port.PrivatePort),
        publicPort,
        // Podman leaves the address out when it is every address.
        address: publicPort === null ? null : looseText(port.IP) || '0.0.0.0',
        protocol: looseText(port.Type) || 'tcp',
      };
    })
    .sort(byPort);
}

/** Docker lists ports in random order; ours is stable, so that an unchanged container compares equal. */
function byPort(a: PublishedPort, b: PublishedPort): number {
  return (
    a.privatePort - b.privatePort ||
    byCode(a.protocol, b.protocol) ||
    (a.publicPort ?? 0) - (b.publicPort ?? 0) ||
    byCode(a.address ?? '', b.address ?? '')
  );
}

/** By character codes: every address of version 4 comes before those of version 6, in every locale. */
function byCode(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
