/** What an engine says about itself in GET /version and GET /info; the second may be forbidden by a socket proxy. */
import type Docker from 'dockerode';
import type { EngineFacts } from '../protocol/environment.ts';
import { Fault } from '../protocol/fault.ts';
import { isLoose, type Loose, looseNumber, looseObject, looseObjects, looseText } from './loose.ts';

/** Calls that take a signal although dockerode's type declaration does not know it. */
interface AbortableCalls {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
  version(options: { abortSignal: AbortSignal }): Promise<unknown>;
  info(options: { abortSignal: AbortSignal }): Promise<unknown>;
  df(options: { abortSignal: AbortSignal }): Promise<unknown>;
}

/** The same dockerode, with the declaration of those calls set right. */
export function abortable(docker: Docker): AbortableCalls {
  return docker as unknown as AbortableCalls;
}

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
  if (!isLoose(version) || typeof version.ApiVersion !== 'string') {
    throw new Fault('bad-peer', `${address} answers, but not as a Docker engine does.`);
  }
  return {
    kind: isPodman(version) ? 'podman' : 'docker',
    version: looseText(version.Version),
    apiVersion: version.ApiVersion,
    hostName: looseText(info.Name),
    operatingSystem: looseText(info.OperatingSystem) || looseText(version.Os),
    architecture: looseText(info.Architecture) || looseText(version.Arch),
    cpus: looseNumber(info.NCPU),
    memoryBytes: looseNumber(info.MemTotal),
  };
}

async function readInfo(docker: Docker, abortSignal: AbortSignal): Promise<Loose> {
  try {
    const info = await abortable(docker).info({ abortSignal });
    return looseObject(info);
  } catch (error) {
    if (isLoose(error) && (error.statusCode === 403 || error.statusCode === 404)) return {};
    throw error;
  }
}

function isPodman(version: Loose): boolean {
  return looseObjects(version.Components).some((part) => part.Name === 'Podman Engine');
}
