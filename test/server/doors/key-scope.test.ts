/** Keys made for less than their account may do: for some environments, with a role at most, until some moment. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine } from '../../support/engine.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';
import { patientCall } from '../../support/patient-call.ts';

const PASSWORD = 'a long enough password';
const HELPDESK = 2;
const OPERATOR = 5;
const closing = new Closing();
let server: InProcessServer;
let userId: number;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'scope' }));
  await engine.docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  const other = { Name: 'other', EndpointCreationType: 1, URL: `unix://${engine.socketPath}` };
  expect((await server.api('POST', '/api/endpoints', other)).status).toBe(200);
  const user = { Username: 'desk', Password: PASSWORD, Role: 2 };
  userId = (await server.api('POST', '/api/users', user)).body.Id;
  const policies = { UserAccessPolicies: { [userId]: { RoleId: HELPDESK } } };
  await server.api('PUT', '/api/endpoints/1', policies);
}, 120_000);
afterAll(() => closing.close());

async function makeKey(wish: object, id = 1, password = ADMIN_PASSWORD) {
  const token = await server.signIn(id === 1 ? 'admin' : 'desk', password);
  return await patientCall(server.url, `/api/users/${id}/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: { password, description: 'scoped', ...wish },
  });
}

async function keyOf(wish: object, id = 1, password = ADMIN_PASSWORD) {
  const made = await makeKey(wish, id, password);
  expect(made.status).toBe(201);
  return { 'x-api-key': made.body.rawAPIKey as string };
}

const statusOf = async (method: string, path: string, headers: Record<string, string>) =>
  (await server.call(path, { method, headers, ...(method !== 'GET' && { body: '{}' }) })).status;

function socket(path: string, headers: Record<string, string>): WebSocket {
  const url = `${server.url.replace('https:', 'wss:')}${path}`;
  return new WebSocket(url, { headers, rejectUnauthorized: false });
}

/** Status of the refused upgrade, or 101. */
async function upgradeStatus(path: string, headers: Record<string, string>): Promise<number> {
  const opened = socket(path, headers).on('error', () => undefined);
  const status = await Promise.race([
    once(opened, 'open').then(() => 101),
    once(opened, 'unexpected-response').then(([, response]) => response.statusCode as number),
  ]);
  opened.terminate();
  return status;
}

test('a key without scope or end is told in the shape that plain clients know', async () => {
  const { body } = await makeKey({});
  expect(Object.keys(body.apiKey).sort()).toEqual(
    ['dateCreated', 'description', 'digest', 'id', 'lastUsed', 'prefix', 'userId'].sort(),
  );
});

test('REST: an environment that the key was not made for is not there, and nothing is managed', async () => {
  const key = await keyOf({ environmentIds: [1] });
  const listed = await server.call('/api/endpoints', { headers: key });
  expect(listed.body.map(({ Id }: { Id: number }) => Id)).toEqual([1]);
  expect(await statusOf('GET', '/api/endpoints/2', key)).toBe(403);
  for (const [method, path] of [
    ['GET', '/api/users'],
    ['POST', '/api/teams'],
    ['PUT', '/api/endpoints/1'],
    ['PUT', '/api/users/1/passwd'],
    ['DELETE', '/api/users/1/tokens/1'],
    ['POST', '/api/users/1/tokens'],
  ] as const) {
    expect(await statusOf(method, path, key), `${method} ${path}`).toBe(403);
  }
});

test('Docker proxy: the role of the key is the most that an administrator may through it', async () => {
  const key = await keyOf({ environmentIds: [1], roleId: HELPDESK });
  const proxied = '/api/endpoints/1/docker';
  expect(await statusOf('POST', `${proxied}/containers/box/restart?t=0`, key)).toBe(204);
  expect(await statusOf('POST', `${proxied}/containers/box/exec`, key)).toBe(403);
  expect(await statusOf('POST', `${proxied}/containers/create`, key)).toBe(403);
  expect(await statusOf('GET', '/api/endpoints/2/docker/info', key)).toBe(403);
});

test('a key of a role above the account’s gives no more than the account has', async () => {
  const key = await keyOf({ roleId: OPERATOR, environmentIds: [1, 2] }, userId, PASSWORD);
  const proxied = '/api/endpoints/1/docker';
  expect(await statusOf('GET', `${proxied}/containers/json`, key)).toBe(200);
  expect(await statusOf('POST', `${proxied}/containers/box/exec`, key)).toBe(403);
  expect(await statusOf('GET', '/api/endpoints/2/docker/info', key)).toBe(403);
});

test('websocket: a shell needs a key whose role has shells', async () => {
  const exec = await server.api('POST', '/api/endpoints/1/docker/containers/box/exec', {
    Cmd: ['sh'],
    Tty: true,
    AttachStdin: true,
    AttachStdout: true,
  });
  const path = `/api/websocket/exec?endpointId=1&id=${exec.body.Id}`;
  expect(await upgradeStatus(path, await keyOf({ roleId: HELPDESK }))).toBe(403);
  expect(await upgradeStatus(path, await keyOf({ environmentIds: [2] }))).toBe(403);
  expect(await upgradeStatus(path, await keyOf({ roleId: OPERATOR }))).toBe(101);
});

test('feed: tells only the environments of the key', async () => {
  const feed = socket(FEED_PATH, await keyOf({ environmentIds: [2] }));
  const [first] = await once(feed, 'message');
  feed.terminate();
  const { environments, containers } = JSON.parse(String(first));
  expect(environments.map(({ id }: { id: number }) => id)).toEqual([2]);
  expect(
    containers.every(({ environmentId }: { environmentId: number }) => environmentId === 2),
  ).toBe(true);
});

test('an end in the past, no environments and an unknown role are refused', async () => {
  for (const wish of [{ expiresAt: 5 }, { environmentIds: [] }, { roleId: 9 }, { roleId: 'x' }]) {
    expect((await makeKey(wish)).status).toBe(400);
  }
});

test('at its end a key is refused and its streams are closed; its use is told', async () => {
  const expiresAt = Math.ceil(Date.now() / 1000) + 2;
  const key = await keyOf({ expiresAt });
  const feed = socket(FEED_PATH, key);
  const closed = once(feed, 'close').then(([code]) => ({ code, atMs: Date.now() }));
  await once(feed, 'message');
  const listed = await server.api('GET', '/api/users/1/tokens');
  const told = listed.body.find((one: { expiresAt?: number }) => one.expiresAt === expiresAt);
  expect(told.lastUsed).toBeGreaterThan(expiresAt - 60);
  const { code, atMs } = await closed;
  expect(code).toBe(4001);
  expect(atMs - expiresAt * 1000).toBeLessThan(1_000);
  expect(await statusOf('GET', '/api/users/me', key)).toBe(401);
});
