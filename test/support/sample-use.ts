/** What containers use, as tests tell it: points, samples, processes. */
import type { ContainerProcess, ContainerSample, SamplePoint } from '../../src/protocol/sample.ts';
import { NOW } from './sample-fleet.ts';

/** A point every ten seconds up to NOW, of a container that works in waves. */
export function points(count: number): readonly SamplePoint[] {
  return Array.from({ length: count }, (_, index): SamplePoint => {
    const wave = 1 + Math.sin(index / 6);
    return {
      atMs: NOW - (count - 1 - index) * 10_000,
      cpuCores: 0.3 * wave,
      memoryBytes: (300 + index) * 2 ** 20,
      networkInRate: 90_000 * wave,
      networkOutRate: 20_000,
      blockReadRate: index === 0 ? null : 0,
      blockWriteRate: index % 12 === 0 ? 4_000_000 : 100_000,
    };
  });
}

export function sample(rest: Partial<ContainerSample> = {}): ContainerSample {
  return {
    id: 'a',
    atMs: NOW,
    cpuCores: 0.62,
    cpus: 8,
    memoryBytes: 812 * 2 ** 20,
    memoryLimitBytes: 2 ** 30,
    networkInRate: 120_000,
    networkOutRate: 20_000,
    blockReadRate: 0,
    blockWriteRate: 100_000,
    networkInBytes: 1e9,
    networkOutBytes: 1e8,
    blockReadBytes: 0,
    blockWriteBytes: 1e9,
    pids: 7,
    ...rest,
  };
}

export const PROCESSES: readonly ContainerProcess[] = [
  process(1, 0, 0.4, 12, 'nginx: master process /usr/sbin/nginx -g daemon off;'),
  process(31, 1, 48.2, 96, 'nginx: worker process'),
  process(32, 1, 1.2, 201, 'nginx: worker process'),
  process(77, 1, 0, 3, '/bin/sh -c while sleep 60; do rotate; done'),
];

function process(
  pid: number,
  parentPid: number,
  cpuPercent: number,
  memoryMiB: number,
  command: string,
): ContainerProcess {
  const user = pid === 1 ? 'root' : 'www';
  return {
    pid,
    parentPid,
    user,
    cpuPercent,
    memoryBytes: memoryMiB << 20,
    time: '00:01:20',
    command,
  };
}
