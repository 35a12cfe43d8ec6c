/** Whatever ends a credential ends what lives on it within a second: REST, streams through the proxy, shells, the feed. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine } from '../../support/engine.ts';
import { type Held, holdStream } from '../../support/held-stream.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a long enough password';
const WITHIN_MS = 1_000;
const OPERATOR = 5;
const closing = new Closing();
let server: InProcessServer;
let names = 0;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'revoke' }));
  const script = 'while true; do echo tick; sleep 0.1; done';
  await engine.docker('run', '-d', '--init', '--name', 'talks', 'busybox', 'sh', '-c', script);
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
}, 120_000);
afterAll(() => closing.close());

type Headers = Record<string, string>;

interface Somebody {
  readonly id: number;
  readonly session: Headers;
  readonly key: Headers;
  readonly keyId: number;
}

/** As `admin`, in a session of its own: one of the cases ends them all. */
async function adminCall(method: string, path: string, body?: unknown) {
  const headers = { Authorization: `Bearer ${await server.signIn()}` };
  return await server.call(path, { method, headers, body });
}

async function somebody(): Promise<Somebody> {
  names += 1;
  const Username = `somebody${names}`;
  const made = await adminCall('POST', '/api/users', { Username, Password: PASSWORD, Role: 2 });
  const id = made.body.Id as number;
  const policies = { UserAccessPolicies: { [id]: { RoleId: OPERATOR } } };
  await adminCall('PUT', '/api/endpoints/1', policies);
  const session = { Authorization: `Bearer ${await server.signIn(Username, PASSWORD)}` };
  const { body } = await server.call(`/api/users/${id}/tokens`, {
    method: 'POST',
    headers: session,
    body: { password: PASSWORD, description: 'k' },
  });
  return { id, session, key: { 'x-api-key': body.rawAPIKey }, keyId: body.apiKey.id };
}

async function openSocket(path: string, headers: Headers, ready: string): Promise<Held> {
  const url = `${server.url.replace('https:', 'wss:')}${path}`;
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  const ended = once(socket, 'close').then(() => performance.now());
  await once(socket, ready);
  return { ended };
}

/** A shell, the feed and a followed log. */
async function openAll(headers: Headers): Promise<Held[]> {
  const exec = await server.call('/api/endpoints/1/docker/containers/talks/exec', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ Cmd: ['cat'], Tty: true, AttachStdin: true, AttachStdout: true }),
  });
  const shell = `/api/websocket/exec?endpointId=1&id=${exec.body.Id}`;
  return [
    await openSocket(shell, headers, 'open'),
    await openSocket(FEED_PATH, headers, 'message'),
    await holdStream(server.url, '/containers/talks/logs?follow=1&stdout=1', headers),
  ];
}

const statusFor = async (headers: Headers): Promise<number> =>
  (await server.call('/api/users/me', { headers })).status;

interface Case {
  readonly what: string;
  readonly by: 'session' | 'key';
  readonly act: (who: Somebody) => Promise<{ readonly status: number }>;
  /** Whether the other credential of the account goes on. */
  readonly spares: boolean;
}

const CASES: readonly Case[] = [
  {
    what: 'a new password ends sessions',
    by: 'session',
    act: ({ id }) =>
      adminCall('PUT', `/api/users/${id}/passwd`, { NewPassword: 'quite another one' }),
    spares: true,
  },
  {
    what: 'a sign-out ends its session',
    by: 'session',
    act: ({ session }) => server.call('/api/auth/logout', { method: 'POST', headers: session }),
    spares: true,
  },
  {
    what: 'a new session secret ends sessions',
    by: 'session',
    act: async () => {
      const headers = { Authorization: `Bearer ${await server.signIn()}` };
      return server.call('/api/fleet/sessions/rotate', { method: 'POST', headers });
    },
    spares: true,
  },
  {
    what: 'a removed user loses the session',
    by: 'session',
    act: ({ id }) => adminCall('DELETE', `/api/users/${id}`),
    spares: false,
  },
  {
    what: 'a removed user loses the key',
    by: 'key',
    act: ({ id }) => adminCall('DELETE', `/api/users/${id}`),
    spares: false,
  },
  {
    what: 'a removed key ends alone',
    by: 'key',
    act: ({ id, keyId }) => adminCall('DELETE', `/api/users/${id}/tokens/${keyId}`),
    spares: true,
  },
];

test.each(CASES)('$what', async ({ by, act, spares }) => {
  const who = await somebody();
  const other = by === 'key' ? who.session : who.key;
  const held = await openAll(who[by]);
  const spared = await holdStream(server.url, '/containers/talks/logs?follow=1&stdout=1', other);
  expect((await act(who)).status).toBe(204);
  const fromMs = performance.now();
  for (const { ended } of held) expect((await ended) - fromMs).toBeLessThan(WITHIN_MS);
  expect(await statusFor(who[by])).toBe(401);
  expect(await statusFor(other)).toBe(spares ? 200 : 401);
  if (spares) expect(await Promise.race([spared.ended, Promise.resolve('flows')])).toBe('flows');
  else expect((await spared.ended) - fromMs).toBeLessThan(WITHIN_MS);
});

test('only administrators may end all sessions', async () => {
  const who = await somebody();
  const call = { method: 'POST', headers: who.session };
  expect((await server.call('/api/fleet/sessions/rotate', call)).status).toBe(403);
  expect(await statusFor(who.session)).toBe(200);
});
