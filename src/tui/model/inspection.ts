/**
 * What an engine's inspect answer says of one container, read with care: engines and versions leave fields out.
 * Values of environment variables stay behind on purpose; only their names come into the state.
 */

export interface InspectedMount {
  readonly kind: string;
  readonly source: string;
  readonly target: string;
  readonly isWritable: boolean;
}

export interface InspectedNetwork {
  readonly name: string;
  readonly address: string;
}

export interface HealthProbe {
  readonly atMs: number | undefined;
  readonly exitCode: number;
  readonly output: string;
}

/** Empty strings and zeros mean "not said" or "no limit", as in the Engine API. */
export interface Inspection {
  readonly restartCount: number;
  readonly restartPolicy: string;
  readonly wasOutOfMemory: boolean;
  readonly error: string;
  readonly user: string;
  readonly workingFolder: string;
  readonly logDriver: string;
  readonly isPrivileged: boolean;
  readonly isReadOnly: boolean;
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly variables: readonly string[];
  readonly mounts: readonly InspectedMount[];
  readonly networks: readonly InspectedNetwork[];
  readonly probes: readonly HealthProbe[];
}

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads the answer of the Engine API's GET /containers/{id}/json. */
export function readInspection(answer: unknown): Inspection {
  const container = fields(answer);
  const state = fields(container.State);
  const config = fields(container.Config);
  const host = fields(container.HostConfig);
  const policy = fields(host.RestartPolicy);
  const retries = number(policy.MaximumRetryCount);
  return {
    restartCount: number(container.RestartCount),
    restartPolicy: text(policy.Name) + (retries > 0 ? ` (${retries} times)` : ''),
    wasOutOfMemory: state.OOMKilled === true,
    error: text(state.Error),
    user: text(config.User),
    workingFolder: text(config.WorkingDir),
    logDriver: text(fields(host.LogConfig).Type),
    isPrivileged: host.Privileged === true,
    isReadOnly: host.ReadonlyRootfs === true,
    memoryBytes: number(host.Memory),
    cpus: number(host.NanoCpus) / 1e9 || quotaCpus(host),
    variables: items(config.Env).map((entry) => text(entry).replace(/=.*$/su, '')),
    mounts: items(container.Mounts).map(readMount),
    networks: readNetworks(fields(container.NetworkSettings)),
    probes: items(fields(state.Health).Log).map(readProbe),
  };
}

function quotaCpus(host: Fields): number {
  const period = number(host.CpuPeriod) || 100_000;
  return Math.max(0, number(host.CpuQuota)) / period;
}

function readMount(value: unknown): InspectedMount {
  const mount = fields(value);
  return {
    kind: text(mount.Type),
    source: text(mount.Name) || text(mount.Source),
    target: text(mount.Destination),
    isWritable: mount.RW === true,
  };
}

function readNetworks(settings: Fields): InspectedNetwork[] {
  return Object.entries(fields(settings.Networks)).map(([name, value]) => ({
    name,
    address: text(fields(value).IPAddress) || text(fields(value).GlobalIPv6Address),
  }));
}

function readProbe(value: unknown): HealthProbe {
  const probe = fields(value);
  const atMs = Date.parse(text(probe.Start));
  return {
    atMs: Number.isNaN(atMs) ? undefined : atMs,
    exitCode: number(probe.ExitCode),
    output: text(probe.Output),
  };
}
