/** Signing in and what a credential is worth, in Portainer's shapes and words. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';

let server: InProcessServer;
beforeAll(async () => {
  server = await startInProcessServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const auth = (Username: string, Password: string) =>
  server.call('/api/auth', { method: 'POST', body: { Username, Password } });

test('a password becomes a token with the claims of Portainer', async () => {
  const { status, body } = await auth('ADMIN', ADMIN_PASSWORD);
  expect(status).toBe(200);
  const [, payload = ''] = body.jwt.split('.');
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
    id: 1,
    username: 'admin',
    role: 1,
    scope: 'default',
    forceChangePassword: false,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
  const me = await server.call('/api/users/me', bearer(body.jwt));
  expect(me.body).toMatchObject({ Id: 1, Username: 'admin', Role: 1 });
  expect(me.text).not.toContain('argon2');
});

test('a wrong password and an unknown user get the same 422', async () => {
  for (const name of ['admin', 'nobody']) {
    const { status, body } = await auth(name, 'wrong');
    expect({ status, body }).toEqual({
      status: 422,
      body: { message: 'Invalid credentials', details: 'Unauthorized' },
    });
  }
  await auth('admin', ADMIN_PASSWORD);
});

test.each([
  ['nothing', {}, 'A valid authorization token is missing'],
  ['a broken token', { Authorization: 'Bearer x.y.z' }, 'Invalid JWT token'],
  ['an unknown API key', { 'X-API-Key': 'ptr_unknown' }, 'Invalid JWT token'],
  ['a broken cookie', { Cookie: 'portainer_api_key=x.y.z' }, 'Invalid JWT token'],
])('%s is answered 401', async (_what, headers, message) => {
  const answer = await server.call('/api/users/me', { headers });
  expect(answer).toMatchObject({ status: 401, body: { message, details: 'Unauthorized' } });
});

test('a token is found in the header with or without Bearer, and in the query', async () => {
  const token = await server.signIn();
  const bare = await server.call('/api/users/me', { headers: { Authorization: token } });
  const query = await server.call(`/api/users/me?token=${token}`);
  expect([bare.status, query.status]).toEqual([200, 200]);
});

test('an unsigned token, a foreign signature and an expired session are refused', async () => {
  const [, payload] = (await server.signIn()).split('.');
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  for (const forged of [`${header}.${payload}.`, `${header}.${payload}.c2ln`]) {
    expect((await server.call('/api/users/me', bearer(forged))).status).toBe(401);
  }
  const clock = { ms: Date.now() };
  await using later = await startInProcessServer({ now: () => clock.ms });
  const token = await later.signIn();
  expect((await later.call('/api/users/me', bearer(token))).status).toBe(200);
  clock.ms += 8 * 3_600_000 + 1_000;
  expect((await later.call('/api/users/me', bearer(token))).status).toBe(401);
});

test('an API key lives until it is removed, and can not make another', async () => {
  const wish = { password: ADMIN_PASSWORD, description: 'ci' };
  const made = await server.api('POST', '/api/users/1/tokens', wish);
  expect(made.status).toBe(201);
  const { rawAPIKey, apiKey } = made.body;
  expect(rawAPIKey).toMatch(/^ptr_[A-Za-z0-9+/]{43}=$/);
  expect(apiKey).toMatchObject({ userId: 1, description: 'ci', prefix: rawAPIKey.slice(0, 7) });
  const headers = { 'x-api-key': rawAPIKey };
  expect((await server.call('/api/users/me', { headers })).status).toBe(200);
  const inQuery = `/api/users/me?x-Api-key=${encodeURIComponent(rawAPIKey)}`;
  expect((await server.call(inQuery)).status).toBe(200);
  const call = { method: 'POST', headers, body: wish };
  expect((await server.call('/api/users/1/tokens', call)).status).toBe(403);
  const both = { headers: { ...headers, Authorization: 'Bearer x' } };
  expect(await server.call('/api/users/me', both)).toMatchObject({
    status: 403,
    body: { message: 'api key and auth header are not allowed at the same time' },
  });
  const listed = await server.api('GET', '/api/users/1/tokens');
  expect(listed.text).not.toContain('digest');
  expect((await server.api('DELETE', `/api/users/1/tokens/${apiKey.id}`)).status).toBe(204);
  expect((await server.call('/api/users/me', { headers })).status).toBe(401);
});

test('signing out makes the token worthless, also after a restart', async () => {
  const token = await server.signIn();
  const out = await server.call('/api/auth/logout', { method: 'POST', ...bearer(token) });
  expect({ status: out.status, text: out.text }).toEqual({ status: 204, text: '' });
  expect((await server.call('/api/users/me', bearer(token))).status).toBe(401);
  const { sessions } = server.server.services;
  await expect(sessions.check(token)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('five wrong passwords slow an account down, and time heals', async () => {
  const clock = { ms: Date.now() };
  await using slow = await startInProcessServer({ now: () => clock.ms });
  const attempt = (Password: string) =>
    slow.call('/api/auth', { method: 'POST', body: { Username: 'admin', Password } });
  for (let count = 0; count < 5; count += 1) expect((await attempt('wrong')).status).toBe(422);
  const blocked = await attempt(ADMIN_PASSWORD);
  expect(blocked).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  expect(blocked.body).toEqual({
    message: 'Too many wrong passwords',
    details: 'For this account or from this address: try again in 1 s.',
  });
  clock.ms += 1_000;
  expect((await attempt(ADMIN_PASSWORD)).status).toBe(200);
  expect((await attempt('wrong')).status).toBe(422);
});

test('tries sent at the same moment do not slip through together', async () => {
  await using slow = await startInProcessServer();
  const body = { Username: 'admin', Password: 'wrong' };
  const all = Array.from({ length: 9 }, () => slow.call('/api/auth', { method: 'POST', body }));
  const statuses = (await Promise.all(all)).map(({ status }) => status).sort();
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429, 429]);
});

test('a new password ends the sessions but not the API keys', async () => {
  const clock = { ms: Date.now() };
  await using changed = await startInProcessServer({ now: () => clock.ms });
  const token = await changed.signIn();
  const wish = { password: ADMIN_PASSWORD, description: 'k' };
  const { rawAPIKey } = (await changed.api('POST', '/api/users/1/tokens', wish)).body;
  const put = (Password: string, NewPassword: string) =>
    changed.call('/api/users/1/passwd', {
      method: 'PUT',
      headers: { 'X-API-Key': rawAPIKey },
      body: { Password, NewPassword },
    });
  expect((await put('not it', 'another long password')).status).toBe(403);
  expect((await put(ADMIN_PASSWORD, 'short')).status).toBe(400);
  clock.ms += 1_000;
  expect((await put(ADMIN_PASSWORD, 'another long password')).status).toBe(204);
  expect((await changed.call('/api/users/me', bearer(token))).status).toBe(401);
  const key = { headers: { 'X-API-Key': rawAPIKey } };
  expect((await changed.call('/api/users/me', key)).status).toBe(200);
  expect(await changed.signIn('admin', 'another long password')).toBeTypeOf('string');
});

test('no secret ever reaches the log', () => {
  const log = server.logged.join('');
  expect(log).toContain('signed in');
  expect(log).not.toContain(ADMIN_PASSWORD);
  expect(log).not.toContain('ptr_');
  expect(log).not.toContain('eyJ');
});
