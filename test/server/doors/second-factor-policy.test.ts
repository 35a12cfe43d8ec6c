/** A server that requires second factors: a session without one may do nothing but turn it on; keys go on. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { turnOnFactor } from '../../support/second-factor.ts';

const PASSWORD = 'a long enough password';
let server: InProcessServer;
let key: string;
let userId: number;
/** Of a session whose account turned its factor on. */
let kim: string;

beforeAll(async () => {
  server = await startInProcessServer();
  const wish = { password: 'twelve characters and more', description: 'robot' };
  key = (await server.api('POST', '/api/users/1/tokens', wish)).body.rawAPIKey;
  const user = { Username: 'kim', Password: PASSWORD, Role: 2 };
  userId = (await server.api('POST', '/api/users', user)).body.Id;
});
afterAll(() => server[Symbol.asyncDispose]());

const require = (RequiredSecondFactor: string) =>
  server.call('/api/settings', {
    method: 'PUT',
    headers: { 'X-API-Key': key },
    body: { InternalAuthSettings: { RequiredSecondFactor } },
  });

const as = (token: string, path: string, method = 'GET') =>
  server.call(path, { method, headers: { Authorization: `Bearer ${token}` } });

async function openFeed(token: string): Promise<WebSocket> {
  const headers = { Authorization: `Bearer ${token}` };
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const feed = new WebSocket(url, { headers, rejectUnauthorized: false });
  await once(feed, 'message');
  return feed;
}

test('of everybody: open streams end, and only what turns it on is left, until it is on', async () => {
  const token = await server.signIn('kim', PASSWORD);
  const headers = { Authorization: `Bearer ${token}` };
  const closed = once(await openFeed(token), 'close');
  expect((await require('everybody')).body.InternalAuthSettings).toMatchObject({
    RequiredSecondFactor: 'everybody',
  });
  await closed;
  for (const path of ['/api/endpoints', `/api/users/${userId}/tokens`]) {
    expect(await as(token, path), path).toMatchObject({
      status: 403,
      headers: { 'fleet-fault': 'second-factor-due' },
      body: {
        message: 'A second factor is required',
        details: expect.stringMatching(/Turn it on/),
      },
    });
  }
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const opened = await server.call(FEED_PATH, { headers: { ...headers, ...upgrade } });
  expect(opened.status).toBe(403);
  expect((await as(token, '/api/fleet/users/1/second-factor')).status).toBe(403);
  expect((await as(token, '/api/users/me')).status).toBe(200);
  await turnOnFactor({ url: server.url, token, userId }, PASSWORD);
  expect((await as(token, '/api/endpoints')).status).toBe(200);
  kim = token;
});

test('who loses a factor that is required loses open streams with it', async () => {
  const closed = once(await openFeed(kim), 'close');
  const path = `/api/fleet/users/${userId}/second-factor`;
  const removed = await server.call(path, { method: 'DELETE', headers: { 'X-API-Key': key } });
  expect(removed.status).toBe(204);
  await closed;
  expect((await as(kim, '/api/endpoints')).status).toBe(403);
});

test('of administrators: users go on by password alone, and keys of anybody do', async () => {
  await server.call('/api/users', {
    method: 'POST',
    headers: { 'X-API-Key': key },
    body: { Username: 'lou', Password: PASSWORD, Role: 2 },
  });
  expect((await require('administrators')).status).toBe(200);
  expect((await as(await server.signIn('lou', PASSWORD), '/api/endpoints')).status).toBe(200);
  const admin = await server.signIn();
  expect((await as(admin, '/api/endpoints')).status).toBe(403);
  expect((await as(admin, '/api/auth/logout', 'POST')).status).toBe(204);
  expect((await require('somebody')).status).toBe(400);
  expect((await require('nobody')).status).toBe(200);
  expect((await as(await server.signIn(), '/api/endpoints')).status).toBe(200);
});

test('administrators are told who has none; accounts without a password are not among them', async () => {
  const create = (Username: string, Password?: string) =>
    server.call('/api/users', {
      method: 'POST',
      headers: { 'X-API-Key': key },
      body: { Username, Password, Role: 2 },
    });
  const [mia, guest] = [await create('mia', PASSWORD), await create('guest-of-oidc')];
  const path = '/api/fleet/required-factor';
  const told = await server.call(path, { headers: { 'X-API-Key': key } });
  expect(told).toMatchObject({ status: 200, body: { requiredOf: 'nobody' } });
  expect(told.body.without).toContain(mia.body.Id);
  expect(told.body.without).not.toContain(guest.body.Id);
  expect((await as(await server.signIn('mia', PASSWORD), path)).status).toBe(403);
});
