/**
 * An engine's GET /containers/{id}/stats as figures of ours. Formulas of the docker CLI (cli/command/container/stats_helpers.go):
 * CPU is the container's share of all the host's ticks times its cores, memory is usage less the inactive file cache.
 */
import type { ContainerSample } from '../protocol/sample.ts';
import { isLoose, type Loose, looseNumber, looseObject, looseObjects, looseText } from './loose.ts';

interface CpuTicks {
  readonly atMs: number;
  readonly containerNs: number;
  /** Of all cores together, idle time too; what podman calls so is something else. */
  readonly systemNs: number;
  readonly cpus: number;
}

/** Counters at one moment; two of them make rates. */
export interface StatsReading {
  /** When it was read, by our clock. */
  readonly atMs: number;
  readonly cpu: CpuTicks;
  /** The engine's own earlier reading, a second before, when it took one. */
  readonly earlierCpu: CpuTicks | undefined;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly networkInBytes: number;
  readonly networkOutBytes: number;
  readonly blockReadBytes: number;
  readonly blockWriteBytes: number;
  readonly pids: number;
}

/** The ticks' own times may be this far from ours in length before they are not believed. */
const CREDIBLE = 2;

/** Undefined for an answer without figures: a container that does not run. */
export function readStats(answer: unknown, nowMs: number): StatsReading | undefined {
  if (!isLoose(answer)) return undefined;
  const atMs = Date.parse(looseText(answer.read));
  if (!(atMs > 0)) return undefined;
  const memory = looseObject(answer.memory_stats);
  const earlierMs = Date.parse(looseText(answer.preread));
  const network = networkBytes(answer);
  const block = blockBytes(answer);
  const cpu = ticksOf(looseObject(answer.cpu_stats), atMs);
  return {
    atMs: nowMs,
    cpu,
    earlierCpu:
      earlierMs > 0 ? ticksOf(looseObject(answer.precpu_stats), earlierMs, cpu.cpus) : undefined,
    memoryBytes: usedMemory(memory),
    memoryLimitBytes: looseNumber(memory.limit),
    ...network,
    ...block,
    pids: looseNumber(looseObject(answer.pids_stats).current),
  };
}

function ticksOf(cpu: Loose, atMs: number, cpus = 0): CpuTicks {
  const usage = looseObject(cpu.cpu_usage);
  const perCpu = Array.isArray(usage.percpu_usage) ? usage.percpu_usage.length : 0;
  return {
    atMs,
    containerNs: looseNumber(usage.total_usage),
    systemNs: looseNumber(cpu.system_cpu_usage),
    cpus: looseNumber(cpu.online_cpus) || perCpu || cpus || 1,
  };
}

/** The file cache's field is named by the version of the host's cgroups. */
function usedMemory(memory: Loose): number {
  const usage = looseNumber(memory.usage);
  const stats = looseObject(memory.stats);
  const inactive = looseNumber(stats.total_inactive_file) || looseNumber(stats.inactive_file);
  return inactive < usage ? usage - inactive : usage;
}

function networkBytes(answer: Loose) {
  let networkInBytes = 0;
  let networkOutBytes = 0;
  for (const network of Object.values(looseObject(answer.networks))) {
    networkInBytes += looseNumber(looseObject(network).rx_bytes);
    networkOutBytes += looseNumber(looseObject(network).tx_bytes);
  }
  return { networkInBytes, networkOutBytes };
}

function blockBytes(answer: Loose) {
  let blockReadBytes = 0;
  let blockWriteBytes = 0;
  const entries = looseObject(answer.blkio_stats).io_service_bytes_recursive;
  for (const { op, value } of looseObjects(entries)) {
    const name = looseText(op).toLowerCase();
    if (name === 'read') blockReadBytes += looseNumber(value);
    if (name === 'write') blockWriteBytes += looseNumber(value);
  }
  return { blockReadBytes, blockWriteBytes };
}

/** The sample of a reading; its rates need the reading before it, or for the CPU the engine's own earlier one. */
export function sampleOf(
  id: string,
  reading: StatsReading,
  before: StatsReading | undefined,
): ContainerSample {
  const rate = (read: (of: StatsReading) => number): number | null =>
    before === undefined
      ? null
      : perSecond(read(before), read(reading), reading.atMs - before.atMs);
  const { networkInBytes, networkOutBytes, blockReadBytes, blockWriteBytes } = reading;
  const earlier = before?.cpu ?? reading.earlierCpu;
  return {
    id,
    atMs: reading.atMs,
    cpuCores: earlier === undefined ? null : coresUsed(earlier, reading.cpu),
    cpus: reading.cpu.cpus,
    memoryBytes: reading.memoryBytes,
    memoryLimitBytes: reading.memoryLimitBytes,
    networkInRate: rate((of) => of.networkInBytes),
    networkOutRate: rate((of) => of.networkOutBytes),
    blockReadRate: rate((of) => of.blockReadBytes),
    blockWriteRate: rate((of) => of.blockWriteBytes),
    networkInBytes,
    networkOutBytes,
    blockReadBytes,
    blockWriteBytes,
    pids: reading.pids,
  };
}

function perSecond(before: number, after: number, ms: number): number | null {
  return after < before || ms <= 0 ? null : ((after - before) * 1000) / ms;
}

/** Cores used from one reading to the next; null when no time passed or the container started anew. */
function coresUsed(before: CpuTicks, after: CpuTicks): number | null {
  const usedNs = after.containerNs - before.containerNs;
  const elapsedNs = (after.atMs - before.atMs) * 1e6;
  if (usedNs < 0 || elapsedNs <= 0) return null;
  const systemNs = after.systemNs - before.systemNs;
  const share = systemNs / (elapsedNs * after.cpus);
  const isHostTime = share > 1 / CREDIBLE && share < CREDIBLE;
  return isHostTime ? (usedNs / systemNs) * after.cpus : usedNs / elapsedNs;
}
