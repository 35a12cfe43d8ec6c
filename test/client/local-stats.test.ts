/** A console on a socket measures what it is asked about, and nothing else. */
import { expect, test } from 'vitest';
import { socketFleet } from '../../src/client/socket-fleet.ts';
import { startEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { until } from '../support/until.ts';

const { signal } = new AbortController();

test('figures come with their CPU at the first time of asking, and a history grows', async () => {
  await using engine = await startEngine({ version: 'new', name: 'ls' });
  const id = await engine.docker(
    'run',
    '-d',
    '--name',
    'busy',
    'busybox',
    'sh',
    '-c',
    'while :; do :; done',
  );
  await engine.docker('run', '-d', '--name', 'calm', 'busybox', 'sleep', '600');
  await using fleet = socketFleet(engine.socketPath);
  const feed = new FleetRecorder(fleet);
  await feed.sees((seen) => seen.container('busy') && seen.container('calm'));
  const one = (await fleet.stats?.(1, [id], signal)) ?? [];
  expect(one).toHaveLength(1);
  expect(one[0]?.cpuCores).toBeGreaterThan(0.02);
  const before = (await fleet.statsHistory?.(1, id, signal))?.length ?? 0;
  expect(before).toBeGreaterThanOrEqual(2);
  expect((await fleet.figures?.(signal))?.[0]?.figures).toHaveLength(2);
  await expect(fleet.stats?.(2, [id], signal)).rejects.toMatchObject({ code: 'not-found' });
  await engine.docker('rm', '-f', 'busy');
  await until(async () => !feed.container('busy'));
  expect((await fleet.figures?.(signal))?.[0]?.figures).toHaveLength(1);
  expect(await fleet.statsHistory?.(1, id, signal)).toEqual([]);
});
