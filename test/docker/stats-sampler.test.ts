/** The sampler on real engines: what it measures, and how much it asks of them at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { MOST_IN_FLIGHT, MOST_PER_PASS, StatsSampler } from '../../src/docker/stats-sampler.ts';
import { Fault } from '../../src/protocol/fault.ts';
import { countingSocket } from '../support/counting-socket.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const { signal } = new AbortController();
const BUSY = ['sh', '-c', 'while :; do :; done'];

describe.each(['old', 'new', 'podman'] as const)('%s', (version) => {
  let real: TestEngine;
  beforeAll(async () => {
    real = await startEngine({ version, name: 'st' });
  });
  afterAll(() => real[Symbol.asyncDispose]());

  test('a busy container uses its CPU, a stopped one has no figures, and processes are listed', async () => {
    await using route = socketRoute(real.socketPath);
    const engine = dockerodeEngine(route);
    await real.docker('run', '-d', '--name', 'busy', '-m', '64m', 'busybox', ...BUSY);
    await real.docker('create', '--name', 'off', 'busybox', 'true');
    const ids = (await engine.list(undefined, signal)).map(({ Id }) => Id);
    const busy = (await engine.inspect('busy', signal)).Id;
    const sampler = new StatsSampler({ engine, apiVersion: () => undefined });
    await until(async () => {
      await sampler.pass(ids, signal);
      return (sampler.latest(busy)?.cpuCores ?? 0) > 0.02;
    });
    expect(sampler.latest(busy)).toMatchObject({ memoryLimitBytes: 64 << 20, pids: 1 });
    expect(sampler.latest(busy)?.memoryBytes).toBeGreaterThan(10_000);
    expect(ids.filter((id) => sampler.latest(id))).toEqual([busy]);
    const { processes } = await engine.top(busy, signal);
    expect(processes).toHaveLength(1);
    expect(processes[0]).toMatchObject({ user: 'root', command: BUSY.join(' ') });
    expect(processes[0]?.memoryBytes).toBeGreaterThan(10_000);
    expect(processes[0]?.cpuPercent).toBeGreaterThanOrEqual(0);
    await expect(engine.top('off', signal)).rejects.toBeInstanceOf(Fault);
  });
});

test('a real engine never sees more than four questions at once, counted on the wire', async () => {
  await using real = await startEngine({ version: 'new', name: 'wire' });
  await using folder = await temporaryFolder();
  await using wire = await countingSocket(real.socketPath, `${folder.path}/d.sock`);
  for (let n = 0; n < 12; n += 1) await real.docker('run', '-d', 'busybox', 'sleep', '600');
  await using route = socketRoute(`${folder.path}/d.sock`);
  const engine = dockerodeEngine(route);
  const ids = (await engine.list(undefined, signal)).map(({ Id }) => Id);
  const sampler = new StatsSampler({ engine, apiVersion: () => '1.45' });
  // Two at once, as when a console asks while the regular pass is under way.
  await Promise.all([sampler.pass(ids, signal), sampler.pass(ids, signal)]);
  expect(wire.asked(/\/stats\?/)).toBe(24);
  expect(wire.mostStats).toBeGreaterThan(0);
  expect(wire.mostStats).toBeLessThanOrEqual(MOST_IN_FLIGHT);
});

test('an engine with very many containers is measured in turns, the wanted ones first', async () => {
  const asked: string[] = [];
  const engine = {
    stats: async (id: string) => {
      asked.push(id);
      return undefined;
    },
  };
  const sampler = new StatsSampler({ engine, apiVersion: () => '1.45' });
  const ids = Array.from({ length: MOST_PER_PASS + 50 }, (_, index) => `c${index}`);
  await sampler.pass(ids, signal, new Set(['c249']));
  expect(asked).toHaveLength(MOST_PER_PASS);
  expect(asked[0]).toBe('c249');
  await sampler.pass(ids, signal);
  expect(new Set(asked).size).toBe(ids.length);
}, 30_000);

test('a slow engine is left in peace: the pass ends, and the next one comes later', async () => {
  let answerAfterMs = 1_100;
  let asked = 0;
  const engine = {
    stats: async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, answerAfterMs));
      return undefined;
    },
  };
  const sampler = new StatsSampler({ engine, apiVersion: () => '1.45' });
  const ids = Array.from({ length: 40 }, (_, index) => `c${index}`);
  await sampler.pass(ids, signal);
  expect(asked).toBeLessThanOrEqual(MOST_IN_FLIGHT);
  expect(sampler.patience).toBe(2);
  await sampler.pass(ids, signal);
  expect(sampler.patience).toBe(4);
  answerAfterMs = 0;
  await sampler.pass(ids, signal);
  await sampler.pass(ids, signal);
  expect(sampler.patience).toBe(1);
  expect(asked).toBeGreaterThanOrEqual(80);
});
