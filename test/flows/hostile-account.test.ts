/**
 * A signed-in account that tries everything: other paths, other methods, other bodies, other environments, and streams that
 * outlive its rights. On a local engine and on the same engine behind a real edge agent.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Closing } from '../support/closing.ts';
import { startEdge } from '../support/edge-environment.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a long enough password';
const SECRET = 'hunter2-hostile';
/** Roles by their numbers; nobody has none. */
const ROLES = { reader: 4, standard: 3, helpdesk: 2, operator: 5 } as const;
const PLACES = ['local', 'edge'] as const;
type Place = (typeof PLACES)[number];

const closing = new Closing();
const tokens = new Map<string, string>();
const userIds = new Map<string, number>();
const environments = new Map<Place, number>();
let engine: TestEngine;
let server: InProcessServer;
let foreign = 0;
let box = '';

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'hostile' }));
  const command = ['busybox', 'sh', '-c', 'trap exit TERM; while :; do echo tick; sleep 0.2; done'];
  box = await engine.docker('run', '-d', '--name', 'box', '-e', `KEY=${SECRET}`, ...command);
  await engine.docker('tag', 'busybox', 'x/edge/v1.41/y');
  server = closing.use(
    await startInProcessServer({ settings: { engineUrl: `unix://${engine.socketPath}` } }),
  );
  environments.set('local', 1);
  const wish = { Name: 'edge', EndpointCreationType: 4, URL: server.url };
  const invitation = (await server.api('POST', '/api/endpoints', wish)).body;
  environments.set('edge', invitation.Id);
  closing.use(await startEdge(invitation, { socketPath: engine.socketPath }));
  const { environments: kept } = server.server.services;
  await kept.adopt({ name: 'foreign', type: 1, url: `unix://${engine.socketPath}` });
  foreign = (await server.api('GET', '/api/endpoints?name=foreign')).body[0].Id;
  const policies: Record<string, { RoleId: number }> = {};
  for (const [name, RoleId] of [...Object.entries(ROLES), ['nobody', 0] as const]) {
    const user = { Username: name, Password: PASSWORD, Role: 2 };
    const { Id } = (await server.api('POST', '/api/users', user)).body;
    if (RoleId > 0) policies[Id] = { RoleId };
    userIds.set(name, Id);
    tokens.set(name, await server.signIn(name, PASSWORD));
  }
  for (const id of environments.values()) {
    await server.api('PUT', `/api/endpoints/${id}`, { UserAccessPolicies: policies });
  }
  await until(() => server.server.services.model.environment(invitation.Id)?.connection === 'up');
}, 120_000);
afterAll(() => closing.close());

type Name = keyof typeof ROLES | 'nobody';

const bearer = (name: Name) => ({ Authorization: `Bearer ${tokens.get(name)}` });

function ask(name: Name, method: string, path: string, body?: unknown, headers = {}) {
  return server.call(path, { method, headers: { ...bearer(name), ...headers }, body });
}

const docker = (place: Place, path: string) =>
  `/api/endpoints/${environments.get(place)}/docker${path}`;

/** What must never have happened, whatever was tried. */
async function isUnharmed(): Promise<void> {
  expect(await engine.docker('ps', '-a', '--format', '{{.Names}} {{.State}}')).toBe('box running');
  expect((await server.call('/api/status')).status).toBe(200);
}

describe.each(PLACES)('%s', (place) => {
  test.each<[Name, string, string]>([
    ['reader', 'GET', '/containers/box/../box/export'],
    ['reader', 'GET', '/containers/box/%2e%2e/box/export'],
    ['reader', 'GET', '/containers/box%2f..%2fbox%2fexport'],
    ['reader', 'GET', '/containers/x/..%2f../containers/box/export'],
    ['reader', 'GET', '/containers/%252e%252e/box/export'],
    ['reader', 'GET', '//containers/box/export'],
    ['reader', 'GET', '/containers//box/export'],
    ['reader', 'GET', '/containers/box/export/'],
    ['reader', 'GET', '/v1.41/v1.41/containers/box/export'],
    ['reader', 'GET', '/v1.41//containers/box/export'],
    ['reader', 'GET', '/v9.99/containers/box/export'],
    ['reader', 'GET', '/V1.41/containers/box/export'],
    ['reader', 'GET', '/v1/containers/box/export'],
    ['reader', 'GET', '/containers/v1.41/box/export'],
    ['reader', 'GET', '/Containers/box/export'],
    ['reader', 'GET', '/containers/box/export;x=/json'],
    ['reader', 'GET', '/containers/box/export%3f/json'],
    ['reader', 'GET', '/containers/box/export%23/json'],
    ['reader', 'GET', '/images/x%2fedge%2fv1.41%2fy/get'],
    ['reader', 'POST', '/images/x/edge/v1.41/y/push'],
    ['reader', 'DELETE', '/images/x/edge/v1.41/y'],
    ['reader', 'GET', '/containers/box/logs?stdout=1'],
    ['reader', 'GET', '/containers/box/top?ps_args=auxe'],
    ['reader', 'GET', '/containers/box/top?ps_args=-ef&ps_args=eww'],
    ['reader', 'POST', '/containers/box/restart'],
    ['helpdesk', 'POST', '/containers/box/attach?stream=1&stdin=1'],
    ['helpdesk', 'GET', '/containers/box/attach/ws?stream=1&stdin=1'],
    ['helpdesk', 'POST', '/containers/box/exec'],
    ['helpdesk', 'DELETE', '/containers/box?force=1'],
    ['operator', 'POST', '/build?remote=http://169.254.169.254/'],
    ['operator', 'POST', '/build'],
    ['operator', 'POST', '/session'],
    ['operator', 'POST', '/images/create?fromSrc=http://169.254.169.254/'],
    ['operator', 'GET', '/swarm/unlockkey'],
    ['operator', 'POST', '/plugins/pull?remote=x'],
    ['operator', 'GET', '/browse/ls?path=/'],
    ['operator', 'GET', '/v2/browse/get?path=/etc/shadow'],
    ['operator', 'GET', '/websocket/exec?id=aa'],
    ['operator', 'POST', '/fleet/rotate'],
    ['operator', 'POST', '/containers/box/start/../../create'],
  ])('%s: %s %s is refused', async (name, method, path) => {
    const { status, text } = await ask(
      name,
      method,
      docker(place, path),
      method === 'POST' ? {} : undefined,
    );
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain(SECRET);
    await isUnharmed();
  });

  const BIND = { Type: 'bind', Source: '/', Target: '/host' };
  const OPTIONS = { type: 'none', o: 'bind', device: '/' };
  const hostWishes: [string, string, unknown][] = [
    ['a bind of /', '/containers/create', { Image: 'busybox', HostConfig: { Binds: ['/:/host'] } }],
    ['a mount of /', '/containers/create', { Image: 'busybox', HostConfig: { Mounts: [BIND] } }],
    ['a volume that is /', '/volumes/create', { Name: 'v', DriverOpts: OPTIONS }],
    [
      'a mount of a volume that is /',
      '/containers/create',
      {
        Image: 'busybox',
        HostConfig: {
          Mounts: [
            {
              ...BIND,
              Type: 'volume',
              Source: 'v',
              VolumeOptions: { DriverConfig: { Name: 'local', Options: OPTIONS } },
            },
          ],
        },
      },
    ],
    [
      'privileges in another spelling',
      '/containers/create',
      { Image: 'busybox', HostConfig: {}, hoſtconfig: { Privileged: true } },
    ],
    [
      'a privileged exec',
      '/containers/box/exec',
      { Cmd: ['id'], privileged: true, Privileged: false },
    ],
    ['a device', '/containers/box/update', { Deviceſ: [{ PathOnHost: '/dev/sda' }] }],
    [
      'a service on the host',
      '/services/x/update',
      { TaſkTemplate: { ContainerSpec: { Mounts: [BIND] } } },
    ],
  ];
  test.each(hostWishes)('operator: %s is refused', async (_what, path, body) => {
    for (const version of ['', '/v1.43']) {
      const { status } = await ask('operator', 'POST', docker(place, version + path), body);
      expect(status).toBe(403);
    }
    await isUnharmed();
  });

  test('methods are what the request line says, whatever a header claims', async () => {
    for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const path = docker(place, '/containers/box/json?_method=DELETE');
      const { status } = await ask('reader', 'GET', path, undefined, { [header]: 'DELETE' });
      expect(status).toBe(200);
    }
    for (const method of ['PATCH', 'PROPFIND', 'TRACE', 'OPTIONS']) {
      expect((await ask('operator', method, docker(place, '/containers/box/json'))).status).toBe(
        403,
      );
    }
    await isUnharmed();
  });

  test('images with /edge/ and /vN.M in their names are images, and nothing else', async () => {
    const image = await ask('reader', 'GET', docker(place, '/images/x%2Fedge%2Fv1.41%2Fy/json'));
    // The agent takes a version out of a path wherever it stands, as Portainer's own does.
    if (place === 'local') expect(image.body.RepoTags).toContain('x/edge/v1.41/y:latest');
    else expect([200, 404]).toContain(image.status);
    const list = await ask('nobody', 'GET', docker(place, '/images/x/edge/v1.41/y/json'));
    expect(list.status).toBe(403);
  });

  test('a role that ends ends the stream that lives on it within a second', async () => {
    const url = docker(place, '/containers/box/logs?stdout=1&follow=1');
    const policy = (RoleId: number) => ({
      UserAccessPolicies: { ...now, [helpdeskId]: { RoleId } },
    });
    const helpdeskId = userIds.get('helpdesk') ?? 0;
    const path = `/api/endpoints/${environments.get(place)}`;
    const now = (await server.api('GET', path)).body.UserAccessPolicies;
    const follow = ask('helpdesk', 'GET', url).catch((error: Error) => error);
    await until(() => isFollowing(helpdeskId));
    const startMs = performance.now();
    await server.api('PUT', path, policy(ROLES.reader));
    expect(await follow).toBeInstanceOf(Error);
    expect(performance.now() - startMs).toBeLessThan(1_500);
    expect((await ask('helpdesk', 'GET', url)).status).toBe(403);
    await server.api('PUT', path, policy(ROLES.helpdesk));
  });

  test('a shell is none of the business of who may only restart', async () => {
    const { status } = await websocket(
      'helpdesk',
      `exec?endpointId=${environments.get(place)}&id=aa`,
    );
    expect(status).toBe(403);
    const attach = await websocket(
      'helpdesk',
      `attach?endpointId=${environments.get(place)}&id=${box}`,
    );
    expect(attach.status).toBe(403);
  });
});

const isFollowing = (userId: number): boolean => server.server.services.openCalls.count(userId) > 0;

/** The status of a refused WebSocket; 101 when it opened. */
async function websocket(name: Name, target: string): Promise<{ status: number }> {
  const url = `${server.url.replace('https:', 'wss:')}/api/websocket/${target}`;
  const socket = new WebSocket(url, { headers: bearer(name), rejectUnauthorized: false });
  const status = await once(socket, 'open').then(
    () => 101,
    (error: Error) => Number(/response: (\d+)/.exec(error.message)?.[1]),
  );
  socket.terminate();
  return { status };
}

test('other environments are not there for who has no role in them, by whatever name', async () => {
  for (const id of [`${foreign}`, `0${foreign}`, `%3${foreign}`, `${foreign}.0`, `+${foreign}`]) {
    const { status } = await ask('operator', 'GET', `/api/endpoints/${id}/docker/info`);
    expect([400, 403]).toContain(status);
  }
  const { body } = await ask('operator', 'GET', '/api/endpoints');
  expect(body.map(({ Name }: { Name: string }) => Name).sort()).toEqual(['edge', 'local']);
  const exec = await websocket('operator', `exec?endpointId=${foreign}&id=aa&endpointId=1`);
  expect(exec.status).toBe(403);
});

test('a token in a query is worth nothing once it is signed out, also for what is open', async () => {
  const token = await server.signIn('operator', PASSWORD);
  const feed = new WebSocket(
    `${server.url.replace('https:', 'wss:')}/api/fleet/feed?token=${token}`,
    {
      rejectUnauthorized: false,
    },
  );
  await once(feed, 'open');
  const headers = { Authorization: `Bearer ${token}` };
  const closed = once(feed, 'close');
  const startMs = performance.now();
  await server.call('/api/auth/logout', { method: 'POST', headers });
  expect((await closed)[0]).toBe(4001);
  expect(performance.now() - startMs).toBeLessThan(1_500);
  expect((await server.call(`/api/users/me?token=${token}`)).status).toBe(401);
  const again = new WebSocket(feed.url, { rejectUnauthorized: false });
  const [error] = (await once(again, 'error')) as [Error];
  expect(error.message).toContain('401');
  expect(server.logged.join('')).not.toContain(token);
});

test.each([
  ['POST', '/api/users', { Username: 'mallory', Password: PASSWORD, Role: 1 }],
  ['PUT', '/api/users/1/passwd', { NewPassword: PASSWORD }],
  ['POST', '/api/users/1/tokens', { password: PASSWORD, description: 'x' }],
  ['GET', '/api/users/1', undefined],
  ['DELETE', '/api/users/1', undefined],
  ['PUT', '/api/endpoints/1', { UserAccessPolicies: {} }],
  ['PUT', '/api/settings', { TrustOnFirstConnect: true }],
  ['GET', '/api/settings', undefined],
  ['POST', '/api/endpoints', { Name: 'own', EndpointCreationType: 1, URL: 'unix:///run/x' }],
  ['GET', '/api/useractivity/logs', undefined],
  ['POST', '/api/fleet/link-key/rotate', undefined],
])('%s %s is for administrators', async (method, path, body) => {
  for (const name of ['operator', 'nobody'] as const) {
    expect((await ask(name, method, path, body)).status).toBe(403);
  }
});
