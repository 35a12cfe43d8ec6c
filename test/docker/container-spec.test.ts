/** A container removed and made again from its inspection, on real engines. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { type EngineVersion, startEngine, type TestEngine } from '../support/engine.ts';

interface Inspected {
  readonly Name: string;
  readonly Config: object;
  readonly HostConfig: object;
  readonly Mounts: readonly { readonly Name: string }[];
}

describe.each<EngineVersion>(['old', 'new'])('on an engine that is %s', (version) => {
  let engine: TestEngine;
  const { signal } = new AbortController();
  beforeAll(async () => {
    engine = await startEngine({ version, name: 'again' });
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const inspect = async (name: string) =>
    JSON.parse(await engine.docker('inspect', name))[0] as Inspected;

  test('it has its name, settings, networks and address again, and runs as before', async () => {
    await engine.docker('network', 'create', '--subnet', '10.77.0.0/24', 'shop');
    await engine.docker('network', 'create', 'pay');
    const network = ['--network', 'shop', '--ip', '10.77.0.9', '--network-alias', 'front'];
    const settings = ['-e', 'A=b', '-l', 'tier=edge', '-v', 'data:/data', '-v', '/anonymous'];
    const limits = ['--memory', '64m', '--restart', 'unless-stopped', '-p', '18080:80'];
    const rest = ['busybox', 'sleep', '1000'];
    await engine.docker('run', '-d', '--name', 'web', ...network, ...settings, ...limits, ...rest);
    await engine.docker('network', 'connect', '--alias', 'payer', 'pay', 'web');
    await engine.docker('run', '-d', '--name', 'guest', '--network', 'container:web', ...rest);
    await using route = socketRoute(engine.socketPath);
    const api = dockerodeEngine(route);
    const before = await inspect('web');
    for (const name of ['guest', 'web']) {
      const spec = await api.spec(name, signal);
      await api.act(name, 'remove', { force: true }, signal);
      const id = await api.create(spec, signal);
      expect(id).toMatch(/^[0-9a-f]{64}$/);
    }
    const after = await inspect('web');
    const kept = ({ Name, Config, HostConfig, Mounts }: Inspected) => ({
      Name,
      Config: { ...Config, Hostname: '' },
      HostConfig,
      volumes: Mounts.map((mount) => mount.Name).filter((name) => name === 'data'),
    });
    expect(kept(after)).toEqual(kept(before));
    expect(after).toMatchObject({
      State: { Running: true },
      NetworkSettings: {
        Networks: {
          shop: { IPAddress: '10.77.0.9', Aliases: expect.arrayContaining(['front']) },
          pay: { Aliases: expect.arrayContaining(['payer']) },
        },
      },
    });
  });

  test('one that cannot be started again leaves nothing behind', async () => {
    await engine.docker(
      'run',
      '-d',
      '--name',
      'holder',
      '-p',
      '18090:80',
      'busybox',
      'sleep',
      '999',
    );
    await using route = socketRoute(engine.socketPath);
    const api = dockerodeEngine(route);
    const spec = await api.spec('holder', signal);
    await expect(api.create({ ...spec, name: 'other' }, signal)).rejects.toThrow();
    await expect(inspect('other')).rejects.toThrow();
  });
});
