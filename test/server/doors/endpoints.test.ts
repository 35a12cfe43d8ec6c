/** Environments through the REST API on a real engine: every coding a client may send, and the whole life of one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

type EndpointJson = { Status: number; Snapshots: Record<string, unknown>[] };

let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = await startEngine({ version: 'new', name: 'c1' });
  await engine.docker(
    'run',
    '-d',
    '--stop-timeout',
    '1',
    '--name',
    'runs',
    'busybox',
    'sleep',
    '1000',
  );
  await engine.docker('create', '--name', 'waits', 'busybox');
  server = await startInProcessServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function post(body: string, contentType: string, search = '') {
  const headers = {
    Authorization: `Bearer ${await server.signIn()}`,
    ...(contentType !== '' && { 'Content-Type': contentType }),
  };
  return server.call(`/api/endpoints${search}`, { method: 'POST', headers, body });
}

/** Waits until the environment's JSON satisfies `holds`. */
async function until(id: number, holds: (endpoint: EndpointJson) => boolean) {
  for (;;) {
    const { body } = await server.api('GET', `/api/endpoints/${id}`);
    if (holds(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function multipart(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--xx--\r\n`;
}

describe('creating', () => {
  const fieldsOf = (Name: string) => ({
    Name,
    EndpointCreationType: '1',
    URL: `unix://${engine.socketPath}`,
    GroupID: '1',
    TagIds: '[]',
    Gpus: '[{"name":"g","value":"0"}]',
  });

  test.each<[string, (name: string) => Promise<Awaited<ReturnType<typeof post>>>]>([
    [
      'JSON',
      (name) =>
        post(
          JSON.stringify({ name, endpointcreationtype: 1, url: `unix://${engine.socketPath}` }),
          'application/json',
        ),
    ],
    [
      'JSON called a form',
      (name) => post(JSON.stringify(fieldsOf(name)), 'application/x-www-form-urlencoded'),
    ],
    ['multipart', (name) => post(multipart(fieldsOf(name)), 'multipart/form-data; boundary=xx')],
    [
      'urlencoded',
      (name) =>
        post(new URLSearchParams(fieldsOf(name)).toString(), 'application/x-www-form-urlencoded'),
    ],
    ['the query', (name) => post('', '', `?${new URLSearchParams(fieldsOf(name))}`)],
  ])('from %s', async (coding, send) => {
    const { status, body } = await send(`by ${coding}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Name: `by ${coding}`,
      Type: 1,
      URL: `unix://${engine.socketPath}`,
      Status: 1,
      GroupId: 1,
    });
    expect(body.Snapshots[0]).toMatchObject({
      ContainerCount: 2,
      RunningContainerCount: 1,
      StoppedContainerCount: 1,
      DockerVersion: expect.stringContaining('26.'),
      IsPodman: false,
      Swarm: false,
      NodeCount: 1,
      DockerSnapshotRaw: { Info: { NCPU: expect.any(Number) } },
    });
    expect((await server.api('DELETE', `/api/endpoints/${body.Id}`)).status).toBe(204);
    expect((await server.api('GET', `/api/endpoints/${body.Id}`)).status).toBe(404);
  });

  test.each([
    ['no name', { EndpointCreationType: 1 }, 400, 'Invalid request payload'],
    ['Azure', { Name: 'x', EndpointCreationType: 3 }, 400, 'Invalid environment type'],
    ['edge', { Name: 'x', EndpointCreationType: 4 }, 400, 'Invalid environment URL'],
    ['Kubernetes', { Name: 'x', EndpointCreationType: '5' }, 400, 'Invalid environment type'],
    [
      'a foreign scheme',
      { Name: 'x', EndpointCreationType: 1, URL: 'ssh://h' },
      400,
      'Invalid environment URL',
    ],
    [
      'an agent without an address',
      { Name: 'x', EndpointCreationType: 2 },
      400,
      'Invalid environment URL',
    ],
    [
      'TLS without files',
      { Name: 'x', EndpointCreationType: 1, URL: 'tcp://h:1', TLS: true },
      400,
      'Invalid CA certificate file',
    ],
    [
      'nobody there',
      { Name: 'x', EndpointCreationType: 1, URL: 'unix:///nowhere.sock' },
      422,
      'Unable to initiate communications with environment',
    ],
    [
      'a refusing port',
      { Name: 'x', EndpointCreationType: 2, URL: '127.0.0.1:1' },
      422,
      'Unable to get environment type',
    ],
  ])('with %s is refused in words', async (_what, body, status, message) => {
    const answer = await server.api('POST', '/api/endpoints', body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toBe(message);
    expect(answer.body.details.length).toBeGreaterThan(10);
    expect((await server.api('GET', '/api/endpoints')).headers['x-total-available']).toBe('0');
  });

  test('Docker declared as Podman is refused', async () => {
    const answer = await post(
      JSON.stringify({ ...fieldsOf('p'), ContainerEngine: 'podman' }),
      'application/json',
    );
    expect(answer.status).toBe(422);
    expect(answer.body.details).toContain('declared as podman, but Docker answers');
  });
});

test('the life of an environment: counts follow events, names are unique, the host goes and comes', async () => {
  const create = { Name: 'one', EndpointCreationType: 1, URL: `unix://${engine.socketPath}` };
  const { Id } = (await server.api('POST', '/api/endpoints', create)).body;
  expect((await server.api('POST', '/api/endpoints', create)).status).toBe(409);
  const renamed = await server.api('PUT', `/api/endpoints/${Id}`, {
    Name: 'two',
    PublicURL: '10.0.0.9',
  });
  expect(renamed.body).toMatchObject({ Id, Name: 'two', PublicURL: '10.0.0.9', Type: 1 });
  const settings = { allowPrivilegedModeForRegularUsers: false, enableGPUManagement: true };
  const set = await server.api('PUT', `/api/endpoints/${Id}/settings`, settings);
  expect(set.body.EnableGPUManagement).toBe(true);
  expect(set.body.SecuritySettings).toMatchObject({
    allowPrivilegedModeForRegularUsers: false,
    allowBindMountsForRegularUsers: true,
  });

  await engine.docker('start', 'waits');
  await engine.docker('rm', '-f', 'waits');
  const counted = await until(Id, ({ Snapshots }) => Snapshots[0]?.['ContainerCount'] === 1);
  expect(counted.Status).toBe(1);

  await engine.stop();
  expect((await server.api('POST', `/api/endpoints/${Id}/snapshot`)).status).toBe(204);
  const down = await until(Id, ({ Status }) => Status === 2);
  expect(down.Snapshots).toHaveLength(1);
  await engine.start();
  expect((await server.api('POST', '/api/endpoints/snapshot')).status).toBe(204);
  await until(Id, ({ Status }) => Status === 1);

  const removal = { endpoints: [{ id: Id }, { id: 4711 }] };
  const removed = await server.api('DELETE', '/api/endpoints', removal);
  expect(removed).toMatchObject({ status: 206, body: { deleted: [Id], errors: [4711] } });
});

describe('the list', () => {
  const names = ['alpha', 'Beta', 'gamma 10', 'gamma 9'];
  const ids = new Map<string, number>();
  beforeAll(async () => {
    const { environments } = server.server.services;
    for (const name of names) {
      await environments.adopt({
        name,
        type: 1,
        url: `unix:///nowhere/${name.replace(' ', '')}.sock`,
      });
    }
    await environments.adopt({ name: 'up one', type: 1, url: `unix://${engine.socketPath}` });
    for (const { record } of await environments.list()) ids.set(record.name, record.id);
    await until(ids.get('alpha') ?? 0, ({ Status }) => Status === 2);
    await until(ids.get('up one') ?? 0, ({ Snapshots }) => Snapshots[0] !== undefined);
  });

  const listed = async (query: string) => {
    const { body, headers } = await server.api('GET', `/api/endpoints?${query}`);
    const total = Number(headers['x-total-count']);
    expect(headers['x-total-available']).toBe('5');
    return { names: body.map((one: { Name: string }) => one.Name), total };
  };

  test.each([
    ['', ['alpha', 'Beta', 'gamma 10', 'gamma 9', 'up one'], 5],
    ['sort=Name&order=desc', ['up one', 'gamma 10', 'gamma 9', 'Beta', 'alpha'], 5],
    ['sort=Name&start=2&limit=2', ['Beta', 'gamma 9'], 5],
    ['start=9&limit=2', [], 5],
    ['limit=0&start=3', ['alpha', 'Beta', 'gamma 10', 'gamma 9', 'up one'], 5],
    ['sort=Status&limit=1', ['up one'], 5],
    ['search=GAMMA', ['gamma 10', 'gamma 9'], 2],
    ['search=gamma9.sock', ['gamma 9'], 1],
    ['search=up', ['up one'], 1],
    ['status[]=2&limit=1', ['alpha'], 4],
    ['types[]=2', [], 0],
    ['types[]=1&status[]=1', ['up one'], 1],
    ['groupIds[]=1&name=Beta', ['Beta'], 1],
    ['groupIds[]=7', [], 0],
    ['tagIds[]=1', [], 0],
    ['edgeStackId=3', [], 0],
    ['edgeDeviceUntrusted=false&edgeAsync=false&nonsense=1', names.concat('up one'), 5],
  ])('?%s', async (query, expected, total) => {
    expect(await listed(query)).toEqual({ names: expected, total });
  });

  test('by id, without snapshots, and with nonsense', async () => {
    const [a, b] = [ids.get('alpha'), ids.get('up one')];
    expect((await listed(`endpointIds[]=${a}&endpointIds[]=${b}`)).names).toEqual([
      'alpha',
      'up one',
    ]);
    expect((await listed(`excludeIds[]=${a}`)).total).toBe(4);
    const bare = await server.api('GET', '/api/endpoints?excludeSnapshots=true&name=up%20one');
    expect(bare.body[0].Snapshots).toEqual([]);
    const full = await server.api('GET', `/api/endpoints/${b}`);
    expect(full.body.Snapshots).toHaveLength(1);
    expect((await server.api('GET', '/api/endpoints?limit=many')).status).toBe(400);
    expect((await server.api('GET', '/api/endpoints?status[]=up')).status).toBe(400);
  });
});

test('groups, tags, versions: what clients ask before anything else', async () => {
  const get = async (path: string) => (await server.api('GET', path)).body;
  expect(await get('/api/endpoint_groups')).toMatchObject([{ Id: 1, Name: 'Unassigned' }]);
  expect(await get('/api/tags')).toEqual([]);
  expect(await get('/api/endpoints/agent_versions')).toEqual([]);
  expect(await get('/api/system/version')).toMatchObject({
    ServerVersion: '2.23.0',
    ServerEdition: 'CE',
  });
  expect(await get('/api/motd')).toMatchObject({ Message: '' });
  expect(await get('/api/system/info')).toEqual({
    platform: 'Docker Standalone',
    edgeAgents: 0,
    agents: 0,
  });
  const { InstanceID } = await get('/api/status');
  expect(await get('/api/fleet/about')).toMatchObject({
    product: 'fleet-server',
    instanceId: InstanceID,
  });
});
