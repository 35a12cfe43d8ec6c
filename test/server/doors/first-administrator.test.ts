/** The first administrator: made once, in time, with a real password. */
import { expect, test } from 'vitest';
import { startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a password to remember';
const init = { method: 'POST', body: { username: 'Root', password: PASSWORD } };

test('the first one in becomes administrator, the second is told so', async () => {
  await using server = await startInProcessServer({ hasAdministrator: false });
  expect(await server.call('/api/users/admin/check')).toMatchObject({
    status: 404,
    body: { message: 'No administrator account found inside the database' },
  });
  const short = { method: 'POST', body: { Username: 'Root', Password: 'short' } };
  expect(await server.call('/api/users/admin/init', short)).toMatchObject({
    status: 400,
    body: { message: 'Password does not meet the requirements' },
  });
  const both = await Promise.all([1, 2].map(() => server.call('/api/users/admin/init', init)));
  const made = both.find(({ status }) => status === 200);
  const refused = both.find(({ status }) => status === 409);
  expect(made?.body).toMatchObject({ Id: 1, Username: 'Root', Role: 1 });
  expect(made?.text).not.toContain('Password');
  expect(refused?.body.message).toBe('Unable to create administrator user');
  expect((await server.call('/api/users/admin/check')).status).toBe(204);
  expect(await server.signIn('root', PASSWORD)).toBeTypeOf('string');
});

test('after five minutes without one the API is closed, but says what it is', async () => {
  const clock = { ms: Date.now() };
  await using server = await startInProcessServer({
    hasAdministrator: false,
    now: () => clock.ms,
  });
  expect((await server.call('/api/system/status')).status).toBe(200);
  clock.ms += 5 * 60_000;
  for (const path of [
    '/api/system/status',
    '/api/users/admin/check',
    '/api/endpoints/1/docker/info',
  ]) {
    const answer = await server.call(path);
    expect(answer).toMatchObject({
      status: 303,
      headers: { 'redirect-reason': 'AdminInitTimeout' },
      body: { message: 'Administrator initialization timeout' },
    });
    expect(answer.headers.location).toBeUndefined();
  }
  expect((await server.call('/api/users/admin/init', init)).status).toBe(303);
  expect((await server.call('/api/status')).status).toBe(200);
  expect((await server.call('/api/settings/public')).status).toBe(200);
});

test('standard users see themselves and no more', async () => {
  await using server = await startInProcessServer();
  const made = await server.api('POST', '/api/users', {
    Username: 'eve',
    Password: PASSWORD,
    Role: 2,
  });
  expect(made).toMatchObject({ status: 200, body: { Id: 2, Role: 2 } });
  expect(
    (await server.api('POST', '/api/users', { Username: 'EVE', Password: PASSWORD })).status,
  ).toBe(409);
  const headers = { Authorization: `Bearer ${await server.signIn('eve', PASSWORD)}` };
  const statusOf = async (path: string, method = 'GET', body?: unknown) =>
    (await server.call(path, { method, headers, body })).status;
  expect(await statusOf('/api/users/2')).toBe(200);
  expect(await statusOf('/api/users/1')).toBe(403);
  expect(await statusOf('/api/users')).toBe(403);
  expect(await statusOf('/api/users/1/tokens')).toBe(403);
  expect(await statusOf('/api/users/1/passwd', 'PUT', { NewPassword: PASSWORD })).toBe(403);
  expect(await statusOf('/api/users', 'POST', { Username: 'm', Password: PASSWORD, Role: 1 })).toBe(
    403,
  );
  expect(await statusOf('/api/endpoints', 'POST', { Name: 'x', EndpointCreationType: 1 })).toBe(
    403,
  );
  expect((await server.api('DELETE', '/api/users/1')).status).toBe(403);
  expect((await server.api('DELETE', '/api/users/2')).status).toBe(204);
  expect(await statusOf('/api/users/2')).toBe(401);
});
