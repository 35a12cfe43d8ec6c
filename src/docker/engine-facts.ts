/** What an engine says about itself in GET /version and GET /info; the second may be forbidden by a socket proxy. */
import type Docker from 'dockerode';
import type { EngineFacts } from '../protocol/environment.ts';
import { Fault } from '../protocol/fault.ts';

/** Calls that take a signal although dockerode's type declaration does not know it. */
interface AbortableCalls {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
  version(options: { abortSignal: AbortSignal }): Promise<unknown>;
  info(options: { abortSignal: AbortSignal }): Promise<unknown>;
}

/** The same dockerode, with the declaration of those calls set right. */
export function abortable(docker: Docker): AbortableCalls {
  return docker as unknown as AbortableCalls;
}

type Answer = Readonly<Record<string, unknown>>;

/** Rejects with bad-peer when the answer to GET /version is not an engine's. */
export async function readFacts(
  docker: Docker,
  address: string,
  abortSignal: AbortSignal,
): Promise<EngineFacts> {
  const [version, info] = await Promise.all([
    abortable(docker).version({ abortSignal }),
    readInfo(docker, abortSignal),
  ]);
  if (!isAnswer(version) || typeof version.ApiVersion !== 'string') {
    throw new Fault('bad-peer', `${address} answers, but not as a Docker engine does.`);
  }
  return {
    kind: isPodman(version) ? 'podman' : 'docker',
    version: text(version.Version),
    apiVersion: version.ApiVersion,
    hostName: text(info.Name),
    operatingSystem: text(info.OperatingSystem) || text(version.Os),
    architecture: text(info.Architecture) || text(version.Arch),
    cpus: number(info.NCPU),
    memoryBytes: number(info.MemTotal),
  };
}

async function readInfo(docker: Docker, abortSignal: AbortSignal): Promise<Answer> {
  try {
    const info = await abortable(docker).info({ abortSignal });
    return isAnswer(info) ? info : {};
  } catch (error) {
    if (isAnswer(error) && (error.statusCode === 403 || error.statusCode === 404)) return {};
    throw error;
  }
}

function isPodman(version: Answer): boolean {
  const components = Array.isArray(version.Components) ? version.Components : [];
  return components.some((part) => isAnswer(part) && part.Name === 'Podman Engine');
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
