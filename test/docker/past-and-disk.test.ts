/** What a real engine remembers of a container, and what its things take of the disk. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDiskUsage } from '../../src/docker/disk-words.ts';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const closing = new Closing();
let engine: TestEngine;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'past' }));
}, 120_000);
afterAll(() => closing.close());

const signal = () => AbortSignal.timeout(30_000);

test('the past of one container, with how its runs ended', async () => {
  await using route = socketRoute(engine.socketPath);
  const id = await engine.docker('run', '-d', '--name', 'ends', 'busybox', 'sh', '-c', 'exit 7');
  await engine.docker('wait', 'ends');
  await engine.docker('run', '-d', '--name', 'other', 'busybox', 'true');
  const past = await dockerodeEngine(route).past(id.trim(), signal());
  expect(past.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['create', 'start', 'die']),
  );
  expect(past.find(({ action }) => action === 'die')?.attributes.exitCode).toBe('7');
  expect(new Set(past.map(({ containerId }) => containerId))).toEqual(new Set([id.trim()]));
});

test('images, layers and volumes are summed', async () => {
  await using route = socketRoute(engine.socketPath);
  const write =
    'dd if=/dev/zero of=/big bs=1024 count=2048; dd if=/dev/zero of=/v/big bs=1024 count=1024';
  await engine.docker('run', '--name', 'writes', '-v', 'data:/v', 'busybox', 'sh', '-c', write);
  const { images, containers, volumes } = await dockerodeEngine(route).diskUsage(signal());
  expect(images.count).toBeGreaterThan(0);
  expect(images.bytes).toBeGreaterThan(100_000);
  expect(containers.bytes).toBeGreaterThanOrEqual(2 * 1024 ** 2);
  expect(containers.unusedBytes).toBe(containers.bytes);
  expect(volumes).toMatchObject({ count: 1, unusedBytes: 0 });
  expect(volumes.bytes).toBeGreaterThanOrEqual(1024 ** 2);
});

test('an answer that leaves out everything, or says -1, counts as nothing', () => {
  const nothing = { count: 0, bytes: 0, unusedBytes: 0 };
  expect(readDiskUsage(null).images).toEqual(nothing);
  expect(readDiskUsage({ Volumes: [{ UsageData: { Size: -1, RefCount: -1 } }] }).volumes).toEqual({
    ...nothing,
    count: 1,
  });
});
