import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { countPassing, onceTransferring } from '../../src/link/passing-bytes.ts';

const MIB = 1 << 20;
const ROUNDS = 40;

test('young garbage goes every 4 MiB, so that the heap need not be marked for it', async () => {
  let minor = 0;
  const observer = new PerformanceObserver((list) => {
    const kinds = list
      .getEntries()
      .map((entry) => (entry as { detail?: { kind?: number } }).detail);
    minor += kinds.filter((it) => it?.kind === constants.NODE_PERFORMANCE_GC_MINOR).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  for (let round = 0; round < ROUNDS * 16; round++) countPassing(MIB / 4);
  while (minor < ROUNDS) await pause(5);
  observer.disconnect();
  expect(minor).toBeLessThan(2 * ROUNDS);
});

test('a transfer is told of once, what trickles is none', () => {
  let told = 0;
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    vi.advanceTimersByTime(60_000);
    countPassing(4 * MIB);
    onceTransferring(() => {
      told += 1;
    });
    for (let passed = 0; passed < 8; passed++) {
      vi.advanceTimersByTime(6_000);
      countPassing(MIB);
    }
    expect(told).toBe(0);
    for (let passed = 0; passed < 8; passed++) countPassing(MIB);
    expect(told).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
