/** The session cookie and what keeps other sites from using it: Portainer's CSRF rules (portainer-protocol.md C.2). */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';

let server: InProcessServer;
let cookie: string;
beforeAll(async () => {
  server = await startInProcessServer();
  cookie = await signInAsBrowser();
});
afterAll(() => server[Symbol.asyncDispose]());

type Headers = Record<string, string>;

async function signInAsBrowser(): Promise<string> {
  const body = { Username: 'admin', Password: ADMIN_PASSWORD };
  const { headers } = await server.call('/api/auth', { method: 'POST', body });
  return headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
}

const get = (headers: Headers = {}) =>
  server.call('/api/users/me', { headers: { Cookie: cookie, ...headers } });

async function freshToken(): Promise<string> {
  return String((await get()).headers['x-csrf-token']);
}

let count = 0;
/** Any change will do. */
function change(headers: Headers) {
  count += 1;
  return server.call('/api/teams', { method: 'POST', headers, body: { Name: `team ${count}` } });
}

test('signing in sets the cookie that no script reads, no plain line carries and no other site sends', async () => {
  const body = { Username: 'admin', Password: ADMIN_PASSWORD };
  const { headers } = await server.call('/api/auth', { method: 'POST', body });
  const [set = ''] = headers['set-cookie'] ?? [];
  expect(set).toMatch(/^portainer_api_key=eyJ[^;]+; Expires=[^;]+ GMT; Path=\/; /);
  expect(set).toContain('HttpOnly; Secure; SameSite=Strict');
  const untilMs = Date.parse(/Expires=([^;]+)/.exec(set)?.[1] ?? '');
  expect(untilMs - Date.now()).toBeGreaterThan(7.9 * 3_600_000);
});

test('a request with the cookie is answered with a token, another each time; other requests are not', async () => {
  const tokens = [await freshToken(), await freshToken()];
  expect(tokens[0]).not.toBe(tokens[1]);
  const headers = { Authorization: `Bearer ${await server.signIn()}` };
  const bearer = await server.call('/api/users/me', { headers });
  expect(bearer.headers['x-csrf-token']).toBeUndefined();
  const refused = await server.call('/api/users/99', { headers: { Cookie: cookie } });
  expect([refused.status, refused.headers['x-csrf-token']]).toEqual([404, undefined]);
});

test('a change needs the token of this very session', async () => {
  const token = await freshToken();
  expect((await change({ Cookie: cookie, 'X-CSRF-Token': token })).status).toBe(200);
  const none = await change({ Cookie: cookie });
  expect([none.status, none.text]).toEqual([403, 'Forbidden - CSRF token not found in request\n']);
  expect(none.headers['content-type']).toBe('text/plain; charset=utf-8');
  const other = await change({ Cookie: await signInAsBrowser(), 'X-CSRF-Token': token });
  expect([other.status, other.text]).toEqual([403, 'Forbidden - CSRF token invalid\n']);
  const cut = await change({ Cookie: cookie, 'X-CSRF-Token': token.slice(0, 20) });
  expect(cut.text).toBe('Forbidden - CSRF token invalid\n');
});

test.each<[string, Headers, number]>([
  ['our own page', { Origin: 'OWN' }, 200],
  ['our own page by its Referer', { Referer: 'OWN/#!/home' }, 200],
  [
    'our own page behind a proxy',
    { Origin: 'https://f.example', 'X-Forwarded-Host': 'f.example' },
    200,
  ],
  ['no page', {}, 200],
  ['another site', { Origin: 'https://evil.example' }, 403],
  ['a sandboxed page', { Origin: 'null' }, 403],
  ['another port of this host', { Origin: 'https://127.0.0.1:1' }, 403],
  ['a name that begins like ours', { Origin: 'OWN.evil.example' }, 403],
  ['another site by its Referer', { Referer: 'https://evil.example/OWN' }, 403],
  ['another site that hides its name', { 'Sec-Fetch-Site': 'cross-site' }, 403],
])('with the right token, from %s: %j -> %i', async (_what, headers, status) => {
  const own = Object.entries(headers).map(([name, value]) => [
    name,
    value.replace('OWN', server.url),
  ]);
  const token = await freshToken();
  const answer = await change({
    Cookie: cookie,
    'X-CSRF-Token': token,
    ...Object.fromEntries(own),
  });
  expect(answer.status).toBe(status);
});

test('who sends a key or Authorization: Bearer needs no token, cookie or not', async () => {
  const jwt = await server.signIn();
  expect((await change({ Authorization: `Bearer ${jwt}` })).status).toBe(200);
  expect((await change({ Cookie: cookie, Authorization: `Bearer ${jwt}` })).status).toBe(200);
  const wish = { password: ADMIN_PASSWORD, description: 'ci' };
  const key = (await server.api('POST', '/api/users/1/tokens', wish)).body.rawAPIKey;
  expect((await change({ Cookie: cookie, 'X-API-Key': key })).status).toBe(200);
  // A page of another site can make a browser send these two.
  const basic = { Cookie: cookie, Authorization: 'Basic eDp5' };
  expect((await change(basic)).status).toBe(403);
  const inQuery = { method: 'POST', headers: { Cookie: cookie }, body: { Name: 'x' } };
  expect((await server.call(`/api/teams?token=${jwt}`, inQuery)).status).toBe(403);
});

test('the first credential decides: a stale cookie is not saved by a good bearer', async () => {
  const headers = {
    Cookie: 'portainer_api_key=x.y.z',
    Authorization: `Bearer ${await server.signIn()}`,
  };
  expect((await server.call('/api/users/me', { headers })).body.message).toBe('Invalid JWT token');
});

test('no other site can sign a browser in', async () => {
  const body = { Username: 'admin', Password: ADMIN_PASSWORD };
  const headers = { Origin: 'https://evil.example' };
  const answer = await server.call('/api/auth', { method: 'POST', headers, body });
  expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
});

test('signing out takes the cookie away, and what was stolen of it is worthless', async () => {
  const own = await signInAsBrowser();
  const seen = await server.call('/api/users/me', { headers: { Cookie: own } });
  const headers = { Cookie: own, 'X-CSRF-Token': String(seen.headers['x-csrf-token']) };
  const out = await server.call('/api/auth/logout', { method: 'POST', headers });
  expect(out.status).toBe(204);
  expect(out.headers['set-cookie']?.[0]).toMatch(/^portainer_api_key=; Expires=Thu, 01 Jan 1970/);
  expect((await server.call('/api/users/me', { headers: { Cookie: own } })).status).toBe(401);
});

test.each<[string, Headers, string]>([
  ['the cookie and our own page', { Cookie: 'OWN', Origin: 'OWN' }, 'open'],
  ['the cookie and no page', { Cookie: 'OWN' }, '403'],
  ['the cookie and a foreign page', { Cookie: 'OWN', Origin: 'https://evil.example' }, '403'],
  ['a bearer and no page', { Authorization: 'OWN' }, 'open'],
  ['a bearer and a foreign page', { Authorization: 'OWN', Origin: 'https://evil.example' }, '403'],
])('a WebSocket with %s: %s', async (_what, wish, outcome) => {
  const own: Headers = {
    Cookie: cookie,
    Origin: server.url,
    Authorization: `Bearer ${await server.signIn()}`,
  };
  const headers = Object.fromEntries(
    Object.entries(wish).map(([name, value]) => [name, value === 'OWN' ? own[name] : value]),
  );
  const url = `${server.url.replace('https:', 'wss:')}/api/fleet/feed`;
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  const opened = once(socket, 'open').then(
    () => 'open',
    (error: Error) => /response: (\d+)/.exec(error.message)?.[1],
  );
  expect(await opened).toBe(outcome);
  socket.terminate();
});
