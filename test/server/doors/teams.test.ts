/** Teams over HTTPS: who makes them, who leads them, what a team's role opens, and what ends with it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
const ids = new Map<string, number>();
let server: InProcessServer;

beforeAll(async () => {
  // Nothing answers there: what counts is who may see it.
  const settings = { engineUrl: 'unix:///run/nobody/docker.sock' };
  server = closing.use(await startInProcessServer({ settings }));
  for (const Username of ['leader', 'member', 'stranger']) {
    const { body } = await server.api('POST', '/api/users', {
      Username,
      Password: PASSWORD,
      Role: 2,
    });
    ids.set(Username, body.Id);
  }
});
afterAll(() => closing.close());

const idOf = (name: string) => ids.get(name) as number;

async function as(name: string, method: string, path: string, body?: unknown) {
  const token = await server.signIn(name, PASSWORD);
  return await server.call(path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const environmentsOf = async (name: string) =>
  ((await as(name, 'GET', '/api/endpoints')).body as { Id: number }[]).map(({ Id }) => Id);

test('an administrator makes a team with a leader, who says who is in it', async () => {
  const made = await server.api('POST', '/api/teams', {
    Name: 'shop',
    TeamLeaders: [idOf('leader')],
  });
  expect(made).toMatchObject({ status: 200, body: { Id: 1, Name: 'shop' } });
  expect((await server.api('POST', '/api/teams', { Name: 'shop' })).status).toBe(409);
  expect((await as('leader', 'POST', '/api/teams', { Name: 'own' })).status).toBe(403);

  const join = { UserID: idOf('member'), TeamID: 1, Role: 2 };
  expect((await as('member', 'POST', '/api/team_memberships', join)).status).toBe(403);
  expect((await as('stranger', 'GET', '/api/teams/1/memberships')).status).toBe(403);
  const joined = await as('leader', 'POST', '/api/team_memberships', join);
  expect(joined).toMatchObject({
    status: 200,
    body: { UserID: idOf('member'), TeamID: 1, Role: 2 },
  });
  expect((await as('leader', 'POST', '/api/team_memberships', join)).status).toBe(409);

  expect((await as('member', 'GET', '/api/teams')).body).toEqual([{ Id: 1, Name: 'shop' }]);
  expect((await as('member', 'GET', '/api/teams?onlyLedTeams=true')).body).toEqual([]);
  expect((await as('stranger', 'GET', '/api/teams')).body).toEqual([]);
  expect((await as('leader', 'GET', '/api/team_memberships')).body).toHaveLength(2);
  const own = await as('member', 'GET', `/api/users/${idOf('member')}/memberships`);
  expect(own.body).toHaveLength(1);
  expect((await as('member', 'GET', `/api/users/${idOf('leader')}/memberships`)).status).toBe(403);
});

test('a leader is told of the users that can be put into a team; nobody else is, and administrators to no one', async () => {
  const names = async (name: string) => {
    const { status, body } = await as(name, 'GET', '/api/users');
    return [status, status === 200 ? body.map((user: { Username: string }) => user.Username) : []];
  };
  expect(await names('leader')).toEqual([200, ['leader', 'member', 'stranger']]);
  expect(await names('member')).toEqual([403, []]);
  const teams = await as('leader', 'GET', '/api/teams?onlyLedTeams=true');
  expect(teams.body).toEqual([{ Id: 1, Name: 'shop' }]);
});

test("a team's role opens an environment to its members, and the stronger of two roles counts", async () => {
  expect(await environmentsOf('member')).toEqual([]);
  await server.api('PUT', '/api/endpoints/1', { TeamAccessPolicies: { 1: { RoleId: 4 } } });
  expect(await environmentsOf('member')).toEqual([1]);
  expect(await environmentsOf('stranger')).toEqual([]);
  const restart = '/api/endpoints/1/docker/containers/x/restart';
  expect((await as('member', 'POST', restart)).status).toBe(403);
  const policies = { UserAccessPolicies: { [idOf('member')]: { RoleId: 5 } } };
  await server.api('PUT', '/api/endpoints/1', policies);
  expect((await as('member', 'POST', restart)).status).not.toBe(403);
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: {} });
});

test('who leaves a team, and whose user is gone, is out at once', async () => {
  const [place] = (await server.api('GET', `/api/users/${idOf('member')}/memberships`)).body;
  expect((await as('member', 'DELETE', `/api/team_memberships/${place.Id}`)).status).toBe(403);
  expect((await as('leader', 'DELETE', `/api/team_memberships/${place.Id}`)).status).toBe(204);
  expect(await environmentsOf('member')).toEqual([]);
  await server.api('DELETE', `/api/users/${idOf('leader')}`);
  expect((await server.api('GET', '/api/teams/1/memberships')).body).toEqual([]);
  expect((await server.api('DELETE', '/api/teams/1')).status).toBe(204);
  expect((await server.api('GET', '/api/teams/1')).status).toBe(404);
});

test('what makes no sense is refused', async () => {
  for (const Name of ['', '  ', 'x'.repeat(129), 'bell\u0007']) {
    expect((await server.api('POST', '/api/teams', { Name })).status, Name).toBe(400);
  }
  const nobody = { UserID: 999, TeamID: 999, Role: 2 };
  expect((await server.api('POST', '/api/team_memberships', nobody)).status).toBe(404);
  const odd = { UserID: 1, TeamID: 1, Role: 3 };
  expect((await server.api('POST', '/api/team_memberships', odd)).status).toBe(400);
  const leaders = { Name: 'led by nobody', TeamLeaders: [999] };
  expect((await server.api('POST', '/api/teams', leaders)).status).toBe(404);
  expect((await server.api('GET', '/api/teams')).body).toEqual([]);
});
