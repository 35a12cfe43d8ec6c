import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { countPassing } from '../../src/link/passing-bytes.ts';

const MIB = 1 << 20;
const ROUNDS = 40;

test('young garbage goes once in a MiB, so that the heap need not be marked for it', async () => {
  let minor = 0;
  const observer = new PerformanceObserver((list) => {
    const kinds = list
      .getEntries()
      .map((entry) => (entry as { detail?: { kind?: number } }).detail);
    minor += kinds.filter((it) => it?.kind === constants.NODE_PERFORMANCE_GC_MINOR).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  for (let round = 0; round < ROUNDS * 4; round++) countPassing(MIB / 4);
  while (minor < ROUNDS) await pause(5);
  observer.disconnect();
  expect(minor).toBeLessThan(2 * ROUNDS);
});
