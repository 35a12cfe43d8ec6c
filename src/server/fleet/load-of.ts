/** The load of an environment from the samples of its containers. */
import type { Environment } from '../../protocol/environment.ts';
import type { EnvironmentLoad } from '../../protocol/load.ts';
import type { ContainerSample } from '../../protocol/sample.ts';

export interface Measured {
  /** Undefined when it was removed meanwhile. */
  readonly environment: Environment | undefined;
  readonly samples: readonly ContainerSample[];
  readonly nowMs: number;
}

/** Undefined when there is nothing true to say: not up, or no container's CPU is known yet though some run. */
export function loadOf({ environment, samples, nowMs }: Measured): EnvironmentLoad | undefined {
  if (environment?.connection !== 'up') return undefined;
  const measured = samples.filter(({ cpuCores }) => cpuCores !== null);
  if (samples.length > 0 && measured.length === 0) return undefined;
  const cores = measured.reduce((sum, { cpuCores }) => sum + (cpuCores ?? 0), 0);
  const cpus = environment.engine?.cpus || Math.max(1, ...samples.map((sample) => sample.cpus));
  return {
    environmentId: environment.id,
    atMs: nowMs,
    cpuPercent: (cores / cpus) * 100,
    memoryBytes: samples.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    memoryTotalBytes: environment.engine?.memoryBytes ?? 0,
  };
}
