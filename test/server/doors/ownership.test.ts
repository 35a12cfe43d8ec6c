/** Objects and their owners on a real engine: what a standard user makes, sees, shares and is refused. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
const tokens = new Map<string, string>();
const ids = new Map<string, number>();
let engine: TestEngine;
let server: InProcessServer;
let teamId: number;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'owners' }));
  await engine.docker('swarm', 'init', '--advertise-addr', '127.0.0.1');
  await engine.docker('run', '-d', '--name', 'nobodys', 'busybox', 'sleep', '1000');
  await engine.docker('volume', 'create', 'nobodys');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  for (const name of ['ada', 'bob']) {
    const user = { Username: name, Password: PASSWORD, Role: 2 };
    ids.set(name, (await server.api('POST', '/api/users', user)).body.Id);
  }
  teamId = (await server.api('POST', '/api/teams', { Name: 'dev' })).body.Id;
  const policies = Object.fromEntries([...ids.values()].map((id) => [id, { RoleId: 3 }]));
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: policies });
  await server.api('POST', '/api/team_memberships', {
    UserID: ids.get('bob'),
    TeamID: teamId,
    Role: 2,
  });
  for (const name of ['ada', 'bob']) tokens.set(name, await server.signIn(name, PASSWORD));
}, 120_000);
afterAll(() => closing.close());

const bearer = (who: string) => ({ Authorization: `Bearer ${tokens.get(who)}` });
const call = (who: string, method: string, path: string, body?: unknown) =>
  server.call(path, { method, headers: bearer(who), body });
const docker = (who: string, method: string, path: string, body?: unknown) =>
  call(who, method, `/api/endpoints/1/docker${path}`, body);

async function make(who: string, name: string, more: object = {}): Promise<string> {
  const spec = { Image: 'busybox', Cmd: ['sleep', '1000'], ...more };
  const { status, body } = await docker(who, 'POST', `/containers/create?name=${name}`, spec);
  expect([status, body.message]).toEqual([200, undefined]);
  return body.Id;
}

const namesSeen = async (who: string): Promise<string[]> =>
  (await docker(who, 'GET', '/containers/json?all=1')).body.map(
    ({ Names }: { Names: string[] }) => Names[0],
  );

test('what somebody makes is theirs alone: told so, listed, managed, and refused to others', async () => {
  const { body } = await docker('ada', 'POST', '/v1.41/containers/create?name=adas', {
    Image: 'busybox',
    Cmd: ['sleep', '1000'],
  });
  const control = body.Portainer.ResourceControl;
  expect(control).toMatchObject({
    ResourceId: body.Id,
    Type: 1,
    UserAccesses: [{ UserId: ids.get('ada'), AccessLevel: 1 }],
    TeamAccesses: [],
    Public: false,
    AdministratorsOnly: false,
  });
  expect(await namesSeen('ada')).toEqual(['/adas']);
  expect(await namesSeen('bob')).toEqual([]);
  const told = (await docker('ada', 'GET', '/containers/adas/json')).body;
  expect(told.Portainer.ResourceControl.Id).toBe(control.Id);
  const seen = (await server.api('GET', '/api/endpoints/1/docker/containers/adas/json')).body;
  expect(seen.Portainer.ResourceControl.Id).toBe(control.Id);
  for (const [method, path] of [
    ['GET', '/containers/adas/json'],
    ['GET', `/containers/${body.Id.slice(0, 12)}/logs?stdout=1`],
    ['POST', '/containers/adas/start'],
    ['POST', '/containers/nobodys/exec'],
    ['GET', '/volumes/nobodys'],
    ['DELETE', '/volumes/nobodys'],
    ['DELETE', '/images/busybox'],
    ['POST', '/containers/prune'],
    ['POST', '/commit?container=adas'],
  ] as const) {
    const refused = await docker('bob', method, path, method === 'POST' ? {} : undefined);
    expect([path, refused.status]).toEqual([path, 403]);
  }
  expect((await docker('ada', 'POST', '/containers/adas/start')).status).toBe(204);
  const exec = { Cmd: ['true'], AttachStdout: true };
  const { body: started } = await docker('ada', 'POST', '/containers/adas/exec', exec);
  expect((await docker('bob', 'GET', `/exec/${started.Id}/json`)).status).toBe(403);
  expect((await docker('ada', 'GET', `/exec/${started.Id}/json`)).status).toBe(200);
  expect((await docker('ada', 'DELETE', '/containers/adas?force=1')).status).toBe(204);
});

test('volumes, networks, services, secrets and configs have owners too', async () => {
  const Data = Buffer.from('x').toString('base64');
  const service = { ContainerSpec: { Image: 'busybox' }, RestartPolicy: { Condition: 'none' } };
  const made = [
    ['/volumes/create', { Name: 'adas-volume' }, '/volumes', '/volumes/adas-volume'],
    ['/networks/create', { Name: 'adas-net' }, '/networks', '/networks/adas-net'],
    ['/secrets/create', { Name: 'adas-secret', Data }, '/secrets', '/secrets/adas-secret'],
    ['/configs/create', { Name: 'adas-config', Data }, '/configs', '/configs/adas-config'],
    [
      '/services/create',
      { Name: 'adas-service', TaskTemplate: service, Mode: { Replicated: { Replicas: 0 } } },
      '/services',
      '/services/adas-service',
    ],
  ] as const;
  for (const [create, body, list, path] of made) {
    const { status, body: answer } = await docker('ada', 'POST', create, body);
    expect([create, status, answer.Portainer?.ResourceControl.Public]).toEqual([
      create,
      200,
      false,
    ]);
    const listed = async (who: string) => JSON.stringify((await docker(who, 'GET', list)).body);
    expect(await listed('ada')).toContain(body.Name);
    expect(await listed('bob')).not.toContain(body.Name);
    expect((await docker('bob', 'GET', path)).status).toBe(403);
    expect((await docker('bob', 'DELETE', path)).status).toBe(403);
    expect((await docker('ada', 'GET', path)).body.Portainer.ResourceControl.Id).toBeGreaterThan(0);
  }
  const volume = (await docker('ada', 'GET', '/volumes')).body.Volumes[0];
  expect(volume.ResourceID).toBe(
    `adas-volume_${await engine.docker('info', '-f', '{{.Swarm.Cluster.ID}}')}`,
  );
  expect((await docker('bob', 'POST', '/volumes/create', { Name: 'adas-volume' })).status).toBe(
    403,
  );
  for (const [, , , path] of [...made].reverse())
    expect([200, 204]).toContain((await docker('ada', 'DELETE', path)).status);
  const { body: again } = await docker('bob', 'POST', '/volumes/create', { Name: 'adas-volume' });
  expect(again.Portainer.ResourceControl.UserAccesses).toMatchObject([{ UserId: ids.get('bob') }]);
});

test("nobody reaches another's objects through what a body names", async () => {
  await make('ada', 'linked');
  await docker('ada', 'POST', '/networks/create', { Name: 'adas-lan' });
  for (const HostConfig of [
    { Binds: ['nobodys:/data'] },
    { Mounts: [{ Type: 'volume', Source: 'nobodys', Target: '/data' }] },
    { Links: ['linked:db'] },
    { NetworkMode: 'adas-lan' },
    { NetworkMode: 'container:linked' },
    { VolumesFrom: ['linked'] },
  ]) {
    const wish = { Image: 'busybox', HostConfig };
    const { status } = await docker('bob', 'POST', '/containers/create', wish);
    expect([JSON.stringify(HostConfig), status]).toEqual([JSON.stringify(HostConfig), 403]);
  }
  const EndpointsConfig = { 'adas-lan': {} };
  const joined = { Image: 'busybox', NetworkingConfig: { EndpointsConfig } };
  expect((await docker('bob', 'POST', '/containers/create', joined)).status).toBe(403);
  const connect = { Container: 'linked' };
  expect((await docker('bob', 'POST', '/networks/bridge/connect', connect)).status).toBe(403);
  const id = await make('bob', 'with-volume', { HostConfig: { Binds: ['bobs-new:/data'] } });
  expect((await docker('bob', 'GET', '/volumes/bobs-new')).status).toBe(200);
  expect((await docker('ada', 'GET', '/volumes/bobs-new')).status).toBe(403);
  await docker('bob', 'DELETE', `/containers/${id}?v=1`);
  await docker('ada', 'DELETE', '/containers/linked');
});

test('labels say whom something is shared with, from wherever it was made', async () => {
  const label = 'io.portainer.accesscontrol';
  await engine.docker(
    'run',
    '-d',
    '--name',
    'of-team',
    '--label',
    `${label}.teams=dev`,
    'busybox',
    'sleep',
    '1000',
  );
  await engine.docker(
    'run',
    '-d',
    '--name',
    'of-ada',
    '--label',
    `${label}.users=ada,nobody`,
    'busybox',
    'sleep',
    '1000',
  );
  await engine.docker('volume', 'create', '--label', `${label}.public`, 'everybodys');
  await make('ada', 'given', { Labels: { [`${label}.teams`]: 'dev' } });
  expect((await namesSeen('ada')).sort()).toEqual(['/given', '/of-ada']);
  expect((await namesSeen('bob')).sort()).toEqual(['/given', '/of-team']);
  for (const who of ['ada', 'bob'])
    expect((await docker(who, 'GET', '/volumes/everybodys')).status).toBe(200);
  await engine.docker('rm', '-f', 'of-team', 'of-ada', 'given');
});

test('a control is made, changed and removed by administrators, and shared by its owner', async () => {
  const id = (await engine.docker('ps', '-q', '--no-trunc', '-f', 'name=nobodys')).trim();
  const wish = { ResourceID: id, Type: 1, Users: [ids.get('ada')] };
  expect((await call('ada', 'POST', '/api/resource_controls', wish)).status).toBe(403);
  const { body: control } = await server.api('POST', '/api/resource_controls', wish);
  expect(control).toMatchObject({ ResourceId: id, Type: 1, SubResourceIds: [], System: false });
  expect((await server.api('POST', '/api/resource_controls', wish)).status).toBe(409);
  const path = `/api/resource_controls/${control.Id}`;
  for (const bad of [{}, { Public: true, AdministratorsOnly: true }])
    expect((await server.api('PUT', path, bad)).status).toBe(400);
  expect((await call('bob', 'PUT', path, { Users: [ids.get('bob')] })).status).toBe(403);
  expect((await call('ada', 'PUT', path, { Users: [ids.get('bob')] })).status).toBe(403);
  expect((await call('ada', 'PUT', path, { AdministratorsOnly: true })).status).toBe(403);
  expect(await namesSeen('bob')).toEqual([]);
  expect((await call('ada', 'PUT', path, { Public: true })).body).toMatchObject({ Public: true });
  expect(await namesSeen('bob')).toEqual(['/nobodys']);
  expect((await call('bob', 'PUT', path, { Users: [ids.get('bob')] })).status).toBe(403);
  expect((await server.api('DELETE', path)).status).toBe(204);
  expect(await namesSeen('bob')).toEqual([]);
  expect((await server.api('PUT', path, { Public: true })).status).toBe(404);
});

async function listen(who: string) {
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const socket = new WebSocket(url, { headers: bearer(who), rejectUnauthorized: false });
  closing.defer(() => socket.terminate());
  let told = '';
  socket.on('message', (data) => (told += String(data)));
  await once(socket, 'message');
  return { socket, told: () => told };
}

test('the feed tells each account its own containers, and follows what is shared', async () => {
  const [ada, bob] = [await listen('ada'), await listen('bob')];
  const id = await make('ada', 'told-to-ada');
  await until(() => ada.told().includes('told-to-ada'));
  const { Portainer } = (await docker('ada', 'GET', `/containers/${id}/json`)).body;
  const path = `/api/resource_controls/${Portainer.ResourceControl.Id}`;
  expect(bob.told()).not.toContain('told-to-ada');
  const sharedAt = performance.now();
  await server.api('PUT', path, { Users: [ids.get('ada')], Teams: [teamId] });
  await until(() => bob.told().includes('told-to-ada'));
  expect(performance.now() - sharedAt).toBeLessThan(1_000);
  expect(bob.told()).not.toContain('nobodys');
  const closed = once(bob.socket, 'close');
  await server.api('PUT', path, { Users: [ids.get('ada')] });
  await closed;
  expect((await listen('bob')).told()).not.toContain('told-to-ada');
  await docker('ada', 'DELETE', `/containers/${id}?force=1`);
  await until(() => ada.told().includes('container-gone'));
});

test('events and disk use tell only what is theirs', async () => {
  const since = Math.floor(Date.now() / 1000) - 1;
  const id = await make('ada', 'eventful');
  await docker('ada', 'POST', `/containers/${id}/start`);
  await docker('ada', 'DELETE', `/containers/${id}?force=1`);
  const query = `since=${since}&until=${Math.floor(Date.now() / 1000) + 1}`;
  const actions = async (who: string) =>
    (await docker(who, 'GET', `/events?${query}`)).text
      .split('\n')
      .filter((line) => line.includes('eventful'))
      .map((line) => JSON.parse(line).Action);
  expect(await actions('ada')).toEqual(expect.arrayContaining(['create', 'start', 'destroy']));
  expect(await actions('bob')).toEqual([]);
  const usage = (await docker('bob', 'GET', '/system/df')).body;
  expect(usage.Containers).toEqual([]);
  expect(usage.Volumes.map(({ Name }: { Name: string }) => Name)).not.toContain('nobodys');
});

test('a container told live is told as the events come', async () => {
  const headers = bearer('ada');
  const { request } = await import('node:https');
  const told = await new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const path = '/api/endpoints/1/docker/events';
    const asked = request(
      { hostname, port, path, headers, rejectUnauthorized: false },
      (answer) => {
        answer.once('data', (chunk: Buffer) => {
          asked.destroy();
          resolve(chunk.toString());
        });
        void make('ada', 'live').catch(reject);
      },
    );
    asked.on('error', () => undefined).end();
  });
  expect(JSON.parse(told)).toMatchObject({ Type: 'container', Action: 'create' });
  await docker('ada', 'DELETE', '/containers/live');
});
