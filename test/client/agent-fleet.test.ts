/** A console straight on a real agent: no server, HTTPS, our own key, the agent's certificate kept. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentFleet } from '../../src/client/agent-fleet.ts';
import { agentPin } from '../../src/client/contexts.ts';
import { startAgent } from '../support/agent.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { tuiHome } from '../support/fleet-tui.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: TestEngine;

beforeAll(async () => {
  engine = await startEngine({ version: 'old', name: 'agt' });
  await engine.docker('run', '-d', '--name', 'web', 'busybox', 'sleep', '1000');
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

const SECRET = 'a secret of the fleet';

describe('the fleet of an agent', () => {
  it('follows and acts on its containers, and finds the agent again after a restart', async () => {
    await using folder = await temporaryFolder();
    await using data = await temporaryFolder();
    const { socketPath } = engine;
    const env = { AGENT_SECRET: SECRET };
    const agent = await startAgent({ socketPath, dataFolder: data.path, env });
    const { host, port } = agent;
    await using fleet = await agentFleet({ host, port, secret: SECRET, folder: folder.path });
    const seen = new FleetRecorder(fleet);
    const web = await seen.sees(() => seen.container('web'));
    expect(seen.environments).toMatchObject([
      { name: engine.name, kind: 'agent', connection: 'up', address: `tcp://${host}:${port}` },
    ]);
    await fleet.engine(1).act(web.id, 'kill', {}, AbortSignal.timeout(20_000));
    await seen.sees(() => seen.container('web')?.state === 'exited');
    await fleet.engine(1).act(web.id, 'start', {}, AbortSignal.timeout(20_000));
    await seen.sees(() => seen.container('web')?.state === 'running');
    await agent.stop();
    await seen.sees(() => seen.environments[0]?.connection === 'down');
    await using _again = await startAgent({
      socketPath,
      dataFolder: data.path,
      env: { ...env, AGENT_PORT: String(port) },
    });
    await seen.sees(() => seen.environments[0]?.connection === 'up', 40_000);
    expect(await agentPin(`${host}:${port}`, folder.path)).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/),
      linkFingerprint: expect.stringMatching(/^[\w+/]{43}=$/),
    });
    expect(agent.log()).toMatch(/"server":"fleet-tui [^\n]*"Linked\."/);
  });

  it('that has no secret belongs to the first console, and tells the next one so', async () => {
    await using agent = await startAgent({ socketPath: engine.socketPath });
    await using owner = await temporaryFolder();
    await using other = await temporaryFolder();
    const { host, port } = agent;
    const deadline = () => AbortSignal.timeout(15_000);
    await using first = await agentFleet({ host, port, folder: owner.path });
    await first.check(deadline());
    await using second = await agentFleet({ host, port, folder: other.path });
    await expect(second.check(deadline())).rejects.toMatchObject({ code: 'signature-refused' });
    await using again = await agentFleet({ host, port, folder: owner.path });
    await again.check(deadline());
  });

  it('is open to fleet-tui with the secret from a file, closed without', async () => {
    await using home = await tuiHome();
    const env = { AGENT_SECRET: SECRET };
    await using agent = await startAgent({ socketPath: engine.socketPath, env });
    const place = `${agent.host}:${agent.port}`;
    const file = join(home.config, 'secret');
    await writeFile(file, `${SECRET}\n`);
    const shown = await home.run('--agent', place, '--secret-file', file);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(new RegExp(`^${engine.name} +web +busybox +running`, 'm'));
    await writeFile(file, 'some other secret');
    const refused = await home.run('--agent', place, '--secret-file', file);
    expect(refused).toMatchObject({ code: 77, stdout: '' });
    expect(refused.stderr).toContain('AGENT_SECRET differs');
    expect(refused.stderr).not.toContain('some other secret');
  });

  it('whose engine is away is reached all the same, and shown as down', async () => {
    await using folder = await temporaryFolder();
    await using agent = await startAgent({ socketPath: '/nonexistent/docker.sock' });
    const { host, port } = agent;
    await using fleet = await agentFleet({ host, port, folder: folder.path });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.environments[0]?.connection === 'down');
    expect(seen.connection).toEqual({ kind: 'live' });
  });
});
