/** The formulas, against answers recorded from the three kinds of engines (20.10, 26.1, podman 4.3): two of each, a second apart. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readStats, sampleOf } from '../../src/docker/stats-words.ts';

type Recorded = Record<string, Record<string, Record<string, number>>>;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`recorded/stats-${name}.json`, import.meta.url), 'utf8'));

function measured(version: string, container: string) {
  const [first, second] = read(`${version}-${container}`) as [Recorded, Recorded];
  const before = readStats(first, 1_000);
  const after = readStats(second, 2_000);
  if (!before || !after) throw new Error('no figures');
  return { first, second, before, sample: sampleOf('a', after, before) };
}

/** What docker stats would print, by its own formula. */
function dockerPercent(first: Recorded, second: Recorded): number {
  const used = (of: Recorded) => of.cpu_stats?.cpu_usage as unknown as { total_usage: number };
  const system = (of: Recorded) => of.cpu_stats?.system_cpu_usage as unknown as number;
  const delta = used(second).total_usage - used(first).total_usage;
  return (delta / (system(second) - system(first))) * 2 * 100;
}

describe.each(['old', 'new'])('dockerd, %s', (version) => {
  test('CPU in cores is what docker stats says in hundredths', () => {
    const { first, second, sample } = measured(version, 'busy');
    expect((sample.cpuCores ?? 0) * 100).toBeCloseTo(dockerPercent(first, second), 6);
    expect(sample.cpuCores).toBeGreaterThan(0.2);
    expect(sample.cpus).toBe(2);
  });

  test('memory is without the inactive cache, the limit the container has', () => {
    const { sample } = measured(version, 'calm');
    expect(sample.memoryBytes / 2 ** 20).toBeCloseTo(8.34, 1);
    expect(sample).toMatchObject({ memoryLimitBytes: 64 << 20, cpuCores: 0, pids: 1 });
  });
});

test('podman: the same by its own counters', () => {
  const { sample, first, second } = measured('podman', 'busy');
  const used = (of: Recorded) => of.cpu_stats?.cpu_usage?.total_usage as unknown as number;
  const elapsedNs = (Date.parse(String(second.read)) - Date.parse(String(first.read))) * 1e6;
  expect(sample.cpuCores).toBeCloseTo((used(second) - used(first)) / elapsedNs, 2);
  expect(sample.cpuCores).toBeLessThan(2);
  expect(measured('podman', 'calm').sample).toMatchObject({
    cpuCores: 0,
    memoryLimitBytes: 64 << 20,
  });
});

test('an engine that took two readings itself needs none before', () => {
  const reading = readStats(read('new-plain'), 1_000);
  if (!reading) throw new Error('no figures');
  expect(sampleOf('a', reading, undefined).cpuCores).toBeGreaterThan(0.2);
  const { before } = measured('new', 'busy');
  expect(sampleOf('a', before, undefined)).toMatchObject({ cpuCores: null, networkInRate: null });
});

test('without a credible time of the host CPU goes by the clock; rates are per second of the time between; a container that started anew has none', () => {
  const answer = (bytes: number, at: string) => ({
    read: `2026-01-01T00:00:${at}Z`,
    cpu_stats: { cpu_usage: { total_usage: bytes }, online_cpus: 4 },
    networks: { eth0: { rx_bytes: bytes }, eth1: { rx_bytes: bytes, tx_bytes: 7 } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'read', value: bytes },
        { op: 'Write', value: bytes * 2 },
        { op: 'Total', value: bytes * 3 },
      ],
    },
  });
  const one = readStats(answer(1_000, '00'), 0);
  const two = readStats(answer(5_000, '10'), 10_000);
  if (!one || !two) throw new Error('no figures');
  expect(sampleOf('a', two, one)).toMatchObject({
    cpuCores: 4_000 / 10e9,
    networkInRate: 800,
    networkOutRate: 0,
    blockReadRate: 400,
    blockWriteRate: 800,
    networkInBytes: 10_000,
  });
  expect(sampleOf('a', one, two)).toMatchObject({ cpuCores: null, networkInRate: null });
});

test.each(['rubbish', null, [], {}, { read: '0001-01-01T00:00:00Z', cpu_stats: {} }])(
  'nothing is made of %j',
  (answer) => {
    expect(readStats(answer, 1)).toBeUndefined();
  },
);
