import { expect, test } from 'vitest';
import { SampleHistory } from '../../src/docker/sample-history.ts';
import type { ContainerSample } from '../../src/protocol/sample.ts';

const sample = (atMs: number, cpuCores: number | null = atMs): ContainerSample => ({
  id: 'a',
  atMs,
  cpuCores,
  cpus: 2,
  memoryBytes: atMs,
  memoryLimitBytes: 0,
  networkInRate: 1,
  networkOutRate: 2,
  blockReadRate: null,
  blockWriteRate: 4,
  networkInBytes: 0,
  networkOutBytes: 0,
  blockReadBytes: 0,
  blockWriteBytes: 0,
  pids: 1,
});
const times = (history: SampleHistory, key: string) => history.points(key).map(({ atMs }) => atMs);

test('an hour of points comes back in order, with its gaps', () => {
  const history = new SampleHistory();
  for (let at = 1; at <= 400; at += 1) history.add('1/a', sample(at, at === 400 ? null : at));
  expect(history.points('1/a')).toHaveLength(360);
  expect(times(history, '1/a')[0]).toBe(41);
  expect(history.points('1/a').at(-2)).toMatchObject({
    atMs: 399,
    cpuCores: 399,
    blockReadRate: null,
  });
  expect(history.points('1/a').at(-1)).toMatchObject({ atMs: 400, cpuCores: null });
  expect(history.points('1/other')).toEqual([]);
});

test('many containers share what there is: each keeps its newest', () => {
  const history = new SampleHistory(100);
  for (let at = 1; at <= 50; at += 1) history.add('1/a', sample(at));
  for (let id = 0; id < 9; id += 1) history.add(`1/b${id}`, sample(60));
  history.add('1/a', sample(61));
  expect(times(history, '1/a')).toEqual([42, 43, 44, 45, 46, 47, 48, 49, 50, 61].slice(0, 10));
  history.forget((key) => key === '1/a');
  expect(history.points('1/a')).toEqual([]);
});
