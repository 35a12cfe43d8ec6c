/** The Docker proxy on a real engine: what passes unchanged, what never passes, and how streams end. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';
import { listenHttp } from '../../support/listeners.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'c2' }));
  await engine.docker('run', '-d', '--name', 'runs', 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
});
afterAll(() => closing.close());

const docker = (method: string, path: string, body?: unknown) =>
  server.api(method, `/api/endpoints/1/docker${path}`, body);

/** A request whose answer is looked at while it comes. */
async function open(path: string, headers: Record<string, string>, method = 'GET') {
  const { hostname, port } = new URL(server.url);
  const url = `/api/endpoints/1/docker${path}`;
  const outgoing = request({
    hostname,
    port,
    path: url,
    method,
    headers,
    rejectUnauthorized: false,
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

test('versions, synonyms, encodings and statuses pass; a create answers 200', async () => {
  expect((await docker('GET', '/v1.41/containers/json')).body).toHaveLength(1);
  const synonym = await server.api('GET', '/api/endpoints/1/agent/docker/containers/runs/json');
  expect(synonym.body.Name).toBe('/runs');
  const filters = '?all=1&filters={"name":["ru"]}'.replaceAll('"', '%22');
  expect((await docker('GET', `/containers/json${filters}`)).body).toHaveLength(1);
  expect((await docker('GET', '/images/busybox:latest/json')).status).toBe(200);
  expect((await docker('GET', '/images/rig%2Fapp:v1/json')).status).toBe(200);
  const missing = await docker('GET', '/containers/nobody/json');
  expect(missing).toMatchObject({ status: 404, body: { message: 'No such container: nobody' } });
  const headers = {
    Authorization: `Bearer ${await server.signIn()}`,
    'Content-Type': 'application/json',
  };
  const create = (path: string, body: unknown) =>
    server.call(`/api/endpoints/1/docker${path}`, { method: 'POST', headers, body });
  const made = await create('/v1.41/containers/create?name=made', { Image: 'busybox' });
  expect(made.status).toBe(200);
  expect(made.body.Id).toMatch(/^[0-9a-f]{64}$/);
  expect((await create('/volumes/create', { Name: 'vol' })).status).toBe(200);
  expect((await create('/containers/made/exec', {})).status).not.toBe(200);
  expect((await docker('DELETE', '/containers/made')).status).toBe(204);
  const ping = await docker('HEAD', '/_ping');
  expect(ping).toMatchObject({ status: 200, text: '', headers: { 'api-version': '1.41' } });
});

test('credentials and forged signatures stay here, everything else arrives', async () => {
  const seen: { url: string | undefined; headers: IncomingMessage['headers'] }[] = [];
  await using spy = await listenHttp((incoming, response) => {
    if (incoming.url?.includes('spied'))
      seen.push({ url: incoming.url, headers: incoming.headers });
    response.end('{}');
  });
  await server.server.services.environments.adopt({
    name: 'spy',
    type: 1,
    url: `tcp://${spy.where}`,
  });
  const id = (await server.api('GET', '/api/endpoints?name=spy')).body[0].Id;
  const wish = { password: ADMIN_PASSWORD, description: 'proxy' };
  const { rawAPIKey } = (await server.api('POST', '/api/users/1/tokens', wish)).body;
  const token = await server.signIn();
  await server.call(
    `/api/endpoints/${id}/docker/spied?a=%20b&token=${token}&X-Api-Key=k&filters={"x":1}`.replaceAll(
      '"',
      '%22',
    ),
    {
      headers: {
        'X-API-Key': rawAPIKey,
        Cookie: 'portainer_api_key=1',
        'X-PortainerAgent-Signature': 'forged',
        'X-PortainerAgent-Target': 'node-2',
        'X-Registry-Auth': 'abc',
      },
    },
  );
  expect(seen[0]?.url).toBe('/spied?a=%20b&filters={%22x%22:1}');
  expect(seen[0]?.headers).toMatchObject({
    'x-portaineragent-target': 'node-2',
    'x-registry-auth': 'abc',
  });
  const names = Object.keys(seen[0]?.headers ?? {});
  for (const secret of ['x-api-key', 'cookie', 'authorization', 'x-portaineragent-signature']) {
    expect(names).not.toContain(secret);
  }
});

test('a stream arrives while it happens and ends with the session', async () => {
  const token = await server.signIn();
  const headers = { Authorization: `Bearer ${token}` };
  const events = await open('/events', headers);
  expect(events.statusCode).toBe(200);
  const first = once(events, 'data');
  await engine.docker('run', '--rm', 'busybox', 'true');
  expect(JSON.parse(String(await first).split('\n')[0] ?? '')).toMatchObject({
    Type: expect.any(String),
  });
  const ended = new Promise((resolve) => events.once('close', resolve));
  events.resume();
  await server.call('/api/auth/logout', { method: 'POST', headers });
  await ended;
});

test('exec is hijacked both ways, and its end of input reaches the process', async () => {
  const exec = await docker('POST', '/containers/runs/exec', {
    AttachStdin: true,
    AttachStdout: true,
    Cmd: ['wc', '-c'],
  });
  expect(exec.status).toBe(201);
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ Detach: false, Tty: false });
  const outgoing = request({
    hostname,
    port,
    path: `/api/endpoints/1/docker/exec/${exec.body.Id}/start`,
    method: 'POST',
    rejectUnauthorized: false,
    headers: {
      Authorization: `Bearer ${await server.signIn()}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Connection: 'Upgrade',
      Upgrade: 'tcp',
    },
  });
  outgoing.end(body);
  const [response, stream] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Duplex];
  expect(response.statusCode).toBe(101);
  let output = '';
  stream.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  stream.end('x'.repeat(100_000));
  await once(stream, 'end');
  expect(output).toContain('100000\n');
});

test('a standard user reads where a policy says so, and changes nothing', async () => {
  const password = 'a password to remember';
  const { Id } = (
    await server.api('POST', '/api/users', { Username: 'eve', Password: password, Role: 2 })
  ).body;
  const headers = { Authorization: `Bearer ${await server.signIn('eve', password)}` };
  const as = async (method: string, path: string) =>
    (await server.call(`/api/endpoints/1${path}`, { method, headers })).status;
  expect(await as('GET', '/docker/containers/json')).toBe(403);
  expect(await as('GET', '')).toBe(403);
  expect((await server.call('/api/endpoints', { headers })).body).toEqual([]);
  const policies = { UserAccessPolicies: { [Id]: { RoleId: 0 } } };
  expect((await server.api('PUT', '/api/endpoints/1', policies)).status).toBe(200);
  expect(await as('GET', '/docker/containers/json')).toBe(200);
  expect(await as('GET', '')).toBe(200);
  expect(await as('POST', '/docker/containers/runs/kill')).toBe(403);
  expect(await as('GET', '/docker/containers/runs/%61rchive?path=/etc')).toBe(403);
  expect(await as('DELETE', '')).toBe(403);
  expect((await server.call('/api/fleet/feed', { headers })).status).toBe(426);
});

test('a dead engine: requests under way are ended, new ones are answered at once', async () => {
  await engine.docker('run', '-d', '--name', 'waited', 'busybox', 'sleep', '1000');
  const waiting = docker('POST', '/containers/waited/wait').catch(() => ({ status: 0 }));
  await engine.kill();
  const ended = await waiting;
  // The engine may have begun its answer: then the connection just ends.
  expect([0, 200, 500]).toContain(ended.status);
  await server.api('POST', '/api/endpoints/1/snapshot');
  expect(await docker('GET', '/info')).toMatchObject({
    status: 500,
    body: { message: 'Unable to proxy the request via the Docker socket' },
  });
  await engine.start();
  await server.api('POST', '/api/endpoints/1/snapshot');
  expect((await docker('GET', '/info')).status).toBe(200);
});
