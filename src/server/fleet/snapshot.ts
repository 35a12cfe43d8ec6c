/**
 * An environment's snapshot in the shape of Portainer's `Snapshots[0]`. Counts of containers come from the live model while it
 * is up, the rest from the last survey. Of DockerSnapshotRaw only Info and Version are carried: the lists are what the proxy is for.
 */

import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import type { Container } from '../../protocol/container.ts';
import { asFault, Fault } from '../../protocol/fault.ts';

type Json = Readonly<Record<string, unknown>>;

/** Portainer's DockerSnapshot; Time is unix seconds, TotalMemory bytes. */
export interface Snapshot {
  readonly Time: number;
  readonly DockerVersion: string;
  readonly Swarm: boolean;
  readonly TotalCPU: number;
  readonly TotalMemory: number;
  readonly ContainerCount: number;
  readonly RunningContainerCount: number;
  readonly StoppedContainerCount: number;
  readonly HealthyContainerCount: number;
  readonly UnhealthyContainerCount: number;
  readonly VolumeCount: number;
  readonly ImageCount: number;
  readonly ServiceCount: number;
  readonly StackCount: number;
  readonly DockerSnapshotRaw: Json;
  readonly NodeCount: number;
  readonly GpuUseAll: boolean;
  readonly GpuUseList: readonly string[];
  readonly IsPodman: boolean;
}

/** What an engine said about itself, unread. */
interface Survey {
  readonly info: Json;
  readonly version: Json;
  readonly containers: readonly Json[];
  readonly volumes: readonly Json[];
  readonly images: readonly Json[];
  readonly services: readonly Json[];
}

const DEADLINE_MS = 10_000;
const STACK_LABELS = ['com.docker.compose.project', 'com.docker.stack.namespace'];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const objectsOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function getJson(route: EngineRoute, path: string, signal: AbortSignal): Promise<unknown> {
  const answer = await callRoute(route, { path, deadlineMs: DEADLINE_MS, signal });
  const text = answer.body.toString();
  if (answer.status === 403 && text.includes('Invalid request signature')) {
    throw new Fault('signature-refused', 'agent already paired with another Portainer instance');
  }
  if (answer.status !== 200) {
    throw new Fault('engine-refused', `${route.address} answered ${answer.status} to GET ${path}.`);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw asFault(thrown, 'bad-peer', `${route.address} answered GET ${path} without JSON.`);
  }
}

async function survey(route: EngineRoute, signal: AbortSignal): Promise<Survey> {
  const info = objectOf(await getJson(route, '/info', signal));
  if (info['NCPU'] === undefined && info['ServerVersion'] === undefined) {
    throw new Fault('bad-peer', `${route.address} answers, but not as a Docker engine.`);
  }
  const isManager = objectOf(info['Swarm'])['ControlAvailable'] === true;
  const [version, containers, volumes, images, services] = await Promise.all([
    getJson(route, '/version', signal),
    getJson(route, '/containers/json?all=1', signal),
    getJson(route, '/volumes', signal),
    getJson(route, '/images/json', signal),
    isManager ? getJson(route, '/services', signal) : [],
  ]);
  return {
    info,
    version: objectOf(version),
    containers: objectsOf(containers),
    volumes: objectsOf(objectOf(volumes)['Volumes']),
    images: objectsOf(images),
    services: objectsOf(services),
  };
}

function isPodman(version: Json): boolean {
  return objectsOf(version['Components']).some((part) => /podman/i.test(stringOf(part['Name'])));
}

function countStacks(items: readonly Json[]): number {
  const names = new Set<string>();
  for (const item of items) {
    const labels = { ...objectOf(item['Labels']), ...objectOf(objectOf(item['Spec'])['Labels']) };
    for (const label of STACK_LABELS) {
      const name = labels[label];
      if (typeof name === 'string') names.add(`${label}=${name}`);
    }
  }
  return names.size;
}

/** Asks an engine for everything a snapshot tells; rejects with a Fault. */
export async function takeSnapshot(
  route: EngineRoute,
  nowMs: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const found = await survey(route, signal);
  const { info, version, containers } = found;
  const swarm = objectOf(info['Swarm']);
  const statusHas = (pattern: RegExp) => (item: Json) => pattern.test(stringOf(item['Status']));
  const inState = (...states: string[]) =>
    containers.filter((item) => states.includes(stringOf(item['State']))).length;
  return {
    Time: Math.floor(nowMs / 1000),
    DockerVersion: stringOf(info['ServerVersion']) || stringOf(version['Version']),
    Swarm: stringOf(swarm['LocalNodeState']) === 'active',
    TotalCPU: numberOf(info['NCPU']),
    TotalMemory: numberOf(info['MemTotal']),
    ContainerCount: containers.length,
    RunningContainerCount: inState('running'),
    StoppedContainerCount: inState('exited', 'stopped', 'created', 'dead'),
    HealthyContainerCount: containers.filter(statusHas(/\(healthy\)/)).length,
    UnhealthyContainerCount: containers.filter(statusHas(/\(unhealthy\)/)).length,
    VolumeCount: found.volumes.length,
    ImageCount: found.images.length,
    ServiceCount: found.services.length,
    StackCount: countStacks([...containers, ...found.services]),
    DockerSnapshotRaw: { Info: info, Version: version },
    NodeCount: numberOf(swarm['Nodes']) || 1,
    GpuUseAll: false,
    GpuUseList: [],
    IsPodman: isPodman(version),
  };
}

/** The snapshot with its container counts replaced by what the live model knows now. */
export function withLiveCounts(
  snapshot: Snapshot,
  containers: Iterable<Container>,
  seenAtMs: number | null,
): Snapshot {
  const all = [...containers];
  const count = (is: (container: Container) => boolean) => all.filter(is).length;
  return {
    ...snapshot,
    Time: seenAtMs === null ? snapshot.Time : Math.floor(seenAtMs / 1000),
    ContainerCount: all.length,
    RunningContainerCount: count(({ state }) => state === 'running'),
    StoppedContainerCount: count(({ state }) => ['exited', 'created', 'dead'].includes(state)),
    HealthyContainerCount: count(({ health }) => health === 'healthy'),
    UnhealthyContainerCount: count(({ health }) => health === 'unhealthy'),
  };
}
