/** A console on a real server: signing in, the feed, engines through its proxy, restarts and revoked keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/client/context-shape.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';
import type { ServerReach } from '../../src/client/server-call.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import { signIn, signOut } from '../../src/client/sign-in.ts';
import type { Fault } from '../../src/protocol/fault.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { startServer, type TestServer } from '../support/server.ts';

let engine: TestEngine;
let server: TestServer;
let environmentId: number;

const signal = () => AbortSignal.timeout(30_000);

function reach(): ServerReach {
  const address = parseServerAddress(server.url);
  return { address, pin: server.fingerprint, signal: signal() };
}

async function newCredential(): Promise<Credential> {
  return await signIn(reach(), { username: 'admin', password: server.adminPassword });
}

function fleetOf(credential: Credential) {
  return serverFleet({ url: server.url, credential, fingerprint: server.fingerprint });
}

beforeAll(async () => {
  [engine, server] = await Promise.all([
    startEngine({ version: 'new', name: 'srv' }),
    startServer(),
  ]);
  await engine.docker('run', '-d', '--name', 'web', 'busybox', 'sleep', '1000');
  const { body } = await server.api('POST', '/api/endpoints', {
    Name: 'one',
    EndpointCreationType: 1,
    URL: `unix://${engine.socketPath}`,
  });
  environmentId = Number(body.Id);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

describe('signing in', () => {
  it('makes an API key named after this console, which signing out revokes', async () => {
    const credential = await newCredential();
    expect(credential).toMatchObject({ username: 'admin', userId: 1 });
    expect(credential.token).toMatch(/^ptr_/);
    const { body } = await server.api('GET', '/api/users/1/tokens');
    const made = body.find(({ id }: { id: number }) => id === credential.tokenId);
    expect(made.description).toMatch(/^fleet-tui .*@/);
    await signOut(reach(), credential);
    const left = await server.api('GET', '/api/users/1/tokens');
    expect(JSON.stringify(left.body)).not.toContain(`"id":${credential.tokenId},`);
    await signOut(reach(), credential);
  });

  it('with a wrong password is a Fault of its own that does not repeat it', async () => {
    const failing = signIn(reach(), { username: 'admin', password: 'not the one at all' });
    const fault = await failing.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'wrong-password' });
    expect((fault as Fault).message).not.toContain('not the one');
  });
});

describe('the fleet of a real server', () => {
  it('shows its environments and containers live, and acts through its proxy', async () => {
    await using fleet = fleetOf(await newCredential());
    const seen = new FleetRecorder(fleet);
    const web = await seen.sees(() => seen.container('web'));
    expect(seen.environments).toMatchObject([{ id: environmentId, name: 'one', connection: 'up' }]);
    const before = await engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web');
    await fleet.engine(environmentId).act(web.id, 'kill', {}, signal());
    await seen.sees(() => seen.container('web')?.state === 'exited');
    await fleet.engine(environmentId).act(web.id, 'start', {}, signal());
    await seen.sees(() => seen.container('web')?.state === 'running');
    expect(await engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web')).not.toBe(before);
    const inspected = await fleet.engine(environmentId).inspect(web.id, signal());
    expect(inspected.Name).toBe('/web');
  });

  it('goes on after the feed is asked for again', async () => {
    await using fleet = fleetOf(await newCredential());
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.container('web'));
    fleet.resync();
    const snapshots = () => seen.messages.filter(({ kind }) => kind === 'snapshot').length;
    await seen.sees(() => snapshots() === 2 && seen.connection?.kind === 'live');
    await engine.docker('create', '--name', 'later', 'busybox');
    await seen.sees(() => seen.container('later'));
    await engine.docker('rm', 'later');
    await seen.sees(() => seen.container('later') === undefined);
  });

  it('gives up with a sentence when its key is revoked', async () => {
    const credential = await newCredential();
    await using fleet = fleetOf(credential);
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'live');
    await signOut(reach(), credential);
    fleet.resync();
    await seen.sees(() => seen.connection?.kind === 'refused');
    expect(seen.connection).toMatchObject({ reason: expect.stringContaining('sign in again') });
  });

  it('never sends its key to a server with another certificate', async () => {
    const credential = await newCredential();
    const wrong = server.fingerprint.replace(/^../, '00');
    await using fleet = serverFleet({ url: server.url, credential, fingerprint: wrong });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'refused');
    expect(seen.connection).toMatchObject({
      reason: expect.stringContaining(`--trust ${server.fingerprint}`),
    });
    expect(seen.messages).toEqual([]);
  });

  it('comes back by itself after the server was away', async () => {
    await using own = await startServer();
    const address = parseServerAddress(own.url);
    const credential = await signIn(
      { address, pin: own.fingerprint, signal: signal() },
      { username: 'admin', password: own.adminPassword },
    );
    await using fleet = serverFleet({ url: own.url, credential, fingerprint: own.fingerprint });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'live');
    own.kill('SIGSTOP');
    await seen.sees(() => seen.connection?.kind === 'lost', 25_000);
    own.kill('SIGCONT');
    await seen.sees(() => seen.connection?.kind === 'live', 25_000);
    own.kill('SIGTERM');
    const lost = await seen.sees(() =>
      seen.connection?.kind === 'lost' ? seen.connection : undefined,
    );
    expect(lost.reason).toContain(address.where);
  });
});
