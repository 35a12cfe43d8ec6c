/** A console straight on a Docker socket: no server, the same feed. */
import { describe, expect, it } from 'vitest';
import { socketFleet } from '../../src/client/socket-fleet.ts';
import { startEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';

describe.each(['old', 'new'] as const)('the fleet of a socket, engine %s', (version) => {
  it('shows the engine by its host name, follows its containers and acts on them', async () => {
    await using engine = await startEngine({ version, name: 'sock' });
    await engine.docker('run', '-d', '--name', 'web', 'busybox', 'sleep', '1000');
    await using fleet = socketFleet(`unix://${engine.socketPath}`);
    const seen = new FleetRecorder(fleet);
    expect(seen.messages[0]).toMatchObject({
      kind: 'snapshot',
      environments: [{ id: 1, connection: 'connecting', kind: 'socket' }],
    });
    const web = await seen.sees(() => seen.container('web'));
    expect(seen.connection).toEqual({ kind: 'live' });
    expect(seen.environments).toMatchObject([
      { connection: 'up', name: engine.name, engine: { hostName: engine.name } },
    ]);
    const signal = AbortSignal.timeout(20_000);
    await fleet.engine(1).act(web.id, 'kill', {}, signal);
    await seen.sees(() => seen.container('web')?.state === 'exited');
    expect(() => fleet.engine(2)).toThrow(/no environment 2/);
  });

  it('tells of an engine that goes away and comes back, and of everything again when asked', async () => {
    await using engine = await startEngine({ version, name: 'away' });
    await engine.docker('create', '--name', 'web', 'busybox');
    await using fleet = socketFleet(`unix://${engine.socketPath}`);
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.container('web'));
    await engine.stop();
    const { reason } = await seen.sees(() =>
      seen.environments.find(({ connection }) => connection === 'down'),
    );
    expect(reason).toContain(engine.socketPath);
    expect(seen.container('web')).toBeDefined();
    await engine.start();
    fleet.resync();
    await seen.sees(() => seen.environments[0]?.connection === 'up', 40_000);
    fleet.resync();
    expect(seen.messages.at(-1)).toMatchObject({
      kind: 'snapshot',
      environments: [{ connection: 'up', name: engine.name }],
      containers: [{ name: 'web' }],
    });
  });
});

describe('a socket', () => {
  it('that does not exist fails its check with a sentence, and is a state when watched', async () => {
    await using fleet = socketFleet('unix:///nonexistent/docker.sock');
    const checking = fleet.check(AbortSignal.timeout(5_000));
    await expect(checking).rejects.toMatchObject({ code: 'unreachable' });
    await expect(checking).rejects.toThrow(/\/nonexistent\/docker\.sock.*no such socket/);
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.environments[0]?.connection === 'down');
    expect(seen.environments[0]?.reason).toContain('no such socket');
  });

  it('address that makes no sense is refused at once', () => {
    expect(() => socketFleet('ssh://host')).toThrow(/is not a Docker address/);
  });
});
