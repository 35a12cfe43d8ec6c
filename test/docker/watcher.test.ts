/** A container's whole life on real engines, as the watcher tells it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change } from '../../src/protocol/feed.ts';
import { type EngineVersion, startEngine, type TestEngine } from '../support/engine.ts';
import { type Watched, watchSocket } from '../support/watched-engine.ts';

describe.each<EngineVersion>(['old', 'new', 'podman'])('a watched %s engine', (version) => {
  let engine: TestEngine;
  let watched: Watched;
  const stateOf = (name: string) => watched.container(name)?.state;

  beforeAll(async () => {
    engine = await startEngine({ version, name: 'watch' });
    await engine.docker('run', '-d', '--name', 'before', 'busybox', 'sleep', '600');
    watched = watchSocket(engine.socketPath);
    await watched.until(({ watcher }) => watcher.environment.connection === 'up');
  });
  afterAll(async () => {
    await watched[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  test('begins with the environment up and the whole list', () => {
    const [first] = watched.told;
    expect(first?.map((change) => change.kind)).toEqual(['environment', 'containers']);
    expect(watched.watcher.environment).toMatchObject({
      id: 1,
      connection: 'up',
      reason: null,
      engine: {
        kind: version === 'podman' ? 'podman' : 'docker',
        apiVersion: version === 'new' ? '1.45' : '1.41',
        hostName: engine.name,
      },
    });
    expect(watched.container('before')).toMatchObject({
      state: 'running',
      command: 'sleep 600',
      isTimeExact: false,
    });
    expect(watched.watcher.environment.lastSeenAtMs).toBe(watched.seenAtMs.at(-1));
  });

  test('a new container with an exact start, ports, labels and networks', async () => {
    const port = ['-p', '8080:80/tcp'];
    await engine.docker(
      'run',
      '-d',
      '--name',
      'one',
      '-l',
      'a=b',
      ...port,
      'busybox',
      'sleep',
      '600',
    );
    await watched.until(
      () => stateOf('one') === 'running' && watched.container('one')?.isTimeExact === true,
    );
    const one = watched.container('one');
    const startedAt = Date.parse(
      await engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'one'),
    );
    expect(Math.abs((one?.startedAtMs ?? 0) - startedAt)).toBeLessThan(1_000);
    expect(one).toMatchObject({ labels: { a: 'b' }, exitCode: null, finishedAtMs: null });
    expect(one?.networks).toEqual([version === 'podman' ? 'podman' : 'bridge']);
    expect(one?.ports[0]).toEqual({
      privatePort: 80,
      publicPort: 8080,
      address: '0.0.0.0',
      protocol: 'tcp',
    });
  });

  test('pause, unpause, rename, restart', async () => {
    await engine.docker('pause', 'one');
    await watched.until(() => stateOf('one') === 'paused');
    await engine.docker('unpause', 'one');
    await watched.until(() => stateOf('one') === 'running');
    await engine.docker('rename', 'one', 'two');
    await watched.until(() => stateOf('two') === 'running' && !watched.container('one'));
    const before = watched.container('two')?.startedAtMs ?? 0;
    await engine.docker('restart', '-t', '0', 'two');
    await watched.until(() => (watched.container('two')?.startedAtMs ?? 0) > before);
    await watched.until(() => watched.container('two')?.restartsSeen === 1);
    expect(watched.container('two')).toMatchObject({ state: 'running', isTimeExact: true });
  });

  test('a container in the network of another names it', async () => {
    const network = ['--network', 'container:two'];
    await engine.docker('run', '-d', '--name', 'guest', ...network, 'busybox', 'sleep', '600');
    await watched.until(() => watched.container('guest') !== undefined);
    expect(watched.container('guest')?.restartsSeen).toBe(0);
    if (version !== 'podman') {
      expect(watched.container('guest')?.networkOf).toBe(watched.container('two')?.id);
    }
    await engine.docker('rm', '-f', 'guest');
    await watched.until(() => watched.container('guest') === undefined);
  });

  test('stop and kill, with exit status and an exact end', async () => {
    await engine.docker('kill', 'two');
    await watched.until(() => stateOf('two') === 'exited');
    const finished = await engine.docker('inspect', '-f', '{{.State.FinishedAt}}', 'two');
    await watched.until(() => watched.container('two')?.isTimeExact === true);
    const two = watched.container('two');
    expect(two).toMatchObject({ exitCode: 137, startedAtMs: null });
    expect(Math.abs((two?.finishedAtMs ?? 0) - Date.parse(finished))).toBeLessThan(1_000);
    await engine.docker('run', '--name', 'failed', 'busybox', 'false').catch(() => undefined);
    await watched.until(() => stateOf('failed') === 'exited');
    expect(watched.container('failed')?.exitCode).toBe(1);
  });

  test('remove', async () => {
    const id = watched.container('two')?.id;
    await engine.docker('rm', 'two');
    await watched.until(() => !watched.container('two'));
    const gone: Change = { kind: 'container-gone', environmentId: 1, id: id ?? '' };
    expect(watched.told.flat()).toContainEqual(gone);
  });

  // Podman runs health checks by systemd timers, and its list does not tell their outcome.
  if (version !== 'podman') {
    test('health changes', async () => {
      await engine.docker('run', '-d', '--name', 'well', 'rig/app:healthy');
      await watched.until(() => watched.container('well')?.health === 'healthy');
      await engine.docker('rm', '-f', 'well');
    });
  }

  test('exec is no news', async () => {
    await engine.docker('rename', 'before', 'marker');
    await watched.until(() => stateOf('marker') === 'running');
    const before = watched.told.length;
    await engine.docker('exec', 'marker', 'true');
    await engine.docker('exec', 'marker', 'true');
    // Told in order: once this is known, so would be anything the two had told.
    await engine.docker('rename', 'marker', 'done');
    await watched.until(() => stateOf('done') === 'running');
    await watched.watcher.check();
    const named = watched.told.slice(before).flat();
    expect(named.filter((change) => change.kind === 'container')).toHaveLength(1);
  });

  test('what the engine lists is what the watcher has', async () => {
    const names = (await engine.docker('ps', '-a', '--format', '{{.Names}}')).split('\n').sort();
    await watched.until(() => watched.watcher.containers.size === names.length);
    expect([...watched.watcher.containers.values()].map((one) => one.name).sort()).toEqual(names);
  });
});

test('fifty containers created quickly are told in far fewer lists', async () => {
  await using engine = await startEngine({ version: 'new', name: 'fifty' });
  await using watched = watchSocket(engine.socketPath);
  await watched.until(({ watcher }) => watcher.environment.connection === 'up');
  const before = watched.told.length;
  const create = async (index: number): Promise<void> => {
    await engine.docker('create', '--name', `c${index}`, 'busybox', 'true');
    if (index + 5 < 50) await create(index + 5);
  };
  await Promise.all([0, 1, 2, 3, 4].map(create));
  await watched.until(({ watcher }) => watcher.containers.size === 50);
  expect(watched.told.length - before).toBeLessThan(40);
});
