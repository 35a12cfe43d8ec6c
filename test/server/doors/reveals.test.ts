/** Revealing a container's variables: told to who may read them, noted with who asked, and the values never logged. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'reveal' }));
  await engine.docker('create', '--name', 'box', '-e', 'DB_PASSWORD=hunter2-abc', 'busybox');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
}, 120_000);
afterAll(() => closing.close());

const path = (container: string) => `/api/fleet/environments/1/containers/${container}/reveal`;

test('an administrator gets the values, and the log says who, what and from where', async () => {
  const { status, body } = await server.api('POST', path('box'));
  expect(status).toBe(200);
  expect(body.env).toContain('DB_PASSWORD=hunter2-abc');
  const noted = server.logged
    .map((line) => JSON.parse(line))
    .find(({ msg }) => /revealed/.test(msg));
  expect(noted).toMatchObject({ by: 'admin', environment: 1, container: 'box' });
  expect(noted.address).toBe('127.0.0.1');
  expect(server.logged.join('')).not.toContain('hunter2-abc');
});

test.each([
  ['nobody', 404],
  ['..%2f..%2finfo', 400],
  ['%00', 400],
])('for %s the answer is %i', async (container, status) => {
  expect((await server.api('POST', path(container))).status).toBe(status);
});

test('without a sign-in, or without a right to the environment, nothing is told', async () => {
  expect((await server.call(path('box'), { method: 'POST' })).status).toBe(401);
  const user = { Username: 'guest', Password: 'a long enough password', Role: 2 };
  expect((await server.api('POST', '/api/users', user)).status).toBe(200);
  const token = await server.signIn('guest', 'a long enough password');
  const headers = { Authorization: `Bearer ${token}` };
  expect((await server.call(path('box'), { method: 'POST', headers })).status).toBe(403);
});
