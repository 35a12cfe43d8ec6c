/** Environment groups over real HTTPS: Portainer's shapes, access through a group, and a feed that follows it. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FEED_PATH } from '../../../src/protocol/feed-pace.ts';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
let server: InProcessServer;
let userId: number;
let token: string;

beforeAll(async () => {
  server = closing.use(await startInProcessServer());
  for (const Name of ['one', 'two']) {
    const wish = { Name, EndpointCreationType: 4, URL: 'https://fleet.example:9443' };
    expect((await server.api('POST', '/api/endpoints', wish)).status).toBe(200);
  }
  const user = { Username: 'ada', Password: PASSWORD, Role: 2 };
  userId = (await server.api('POST', '/api/users', user)).body.Id;
  token = await server.signIn('ada', PASSWORD);
});
afterAll(() => closing.close());

const asAda = (path: string) =>
  server.call(path, { headers: { Authorization: `Bearer ${token}` } });
const namesOf = async (path: string): Promise<string[]> =>
  (await asAda(path)).body.map(({ Name }: { Name: string }) => Name);

async function newGroup(Name: string, more: object = {}) {
  const { status, body } = await server.api('POST', '/api/endpoint_groups', { Name, ...more });
  expect(status).toBe(200);
  return body;
}

async function removeGroup(id: number): Promise<void> {
  expect((await server.api('DELETE', `/api/endpoint_groups/${id}`)).status).toBe(204);
}

test('the groups in the shape of Portainer, Unassigned among them for good', async () => {
  const { body: all } = await server.api('GET', '/api/endpoint_groups');
  expect(all).toEqual([
    {
      Id: 1,
      Name: 'Unassigned',
      Description: 'Unassigned environments',
      UserAccessPolicies: {},
      TeamAccessPolicies: {},
      TagIds: [],
      Labels: [],
      AuthorizedUsers: null,
      AuthorizedTeams: null,
    },
  ]);
  expect((await server.api('DELETE', '/api/endpoint_groups/1')).status).toBe(403);
  expect((await server.api('GET', '/api/endpoint_groups/99')).status).toBe(404);
});

test('a group is made, changed, filled, emptied and removed; its environments stay', async () => {
  const { body: tag } = await server.api('POST', '/api/tags', { Name: 'eu' });
  const made = await newGroup('west', {
    description: 'w',
    tagIds: [tag.ID],
    AssociatedEndpoints: [1],
  });
  const groupOf = async (id: number) =>
    (await server.api('GET', `/api/endpoints/${id}`)).body.GroupId;
  expect(made).toMatchObject({ Name: 'west', Description: 'w', TagIds: [tag.ID] });
  expect(await groupOf(1)).toBe(made.Id);
  const path = `/api/endpoint_groups/${made.Id}`;
  expect((await server.api('PUT', `${path}/endpoints/2`)).status).toBe(204);
  expect(await groupOf(2)).toBe(made.Id);
  expect((await server.api('DELETE', `${path}/endpoints/1`)).status).toBe(204);
  expect(await groupOf(1)).toBe(1);
  expect((await server.api('PUT', path, { Name: 'far west' })).body).toMatchObject({
    Id: made.Id,
    Name: 'far west',
    Description: 'w',
  });
  expect((await server.api('POST', '/api/endpoint_groups', { Name: 'far west' })).status).toBe(409);
  const tags = (await server.api('GET', '/api/tags')).body;
  expect(tags[0].EndpointGroups).toEqual({ [made.Id]: true });
  await server.api('DELETE', `/api/tags/${tag.ID}`);
  expect((await server.api('GET', path)).body.TagIds).toEqual([]);
  expect((await server.api('GET', `/api/endpoints?groupIds[]=${made.Id}`)).body).toHaveLength(1);
  expect((await server.api('GET', '/api/endpoints?search=far+west')).body).toHaveLength(1);
  await removeGroup(made.Id);
  expect(await groupOf(2)).toBe(1);
});

test("a group's policy gives access to what is in it, and an environment's own wins", async () => {
  const { Id } = await newGroup('inherited', { AssociatedEndpoints: [1] });
  expect(await namesOf('/api/endpoints')).toEqual([]);
  const give = (RoleId: number) =>
    server.api('PUT', `/api/endpoint_groups/${Id}`, {
      UserAccessPolicies: { [userId]: { RoleId } },
    });
  await give(4);
  expect(await namesOf('/api/endpoints')).toEqual(['one']);
  expect(await namesOf('/api/endpoint_groups')).toEqual(['inherited']);
  const logs = async () => (await asAda('/api/endpoints/1/docker/containers/x/logs')).body.details;
  expect(await logs()).toContain('Read-only user');
  await give(1);
  expect(await logs()).not.toContain('role');
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: { [userId]: { RoleId: 4 } } });
  expect(await logs()).toContain('Read-only user');
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: {} });
  await removeGroup(Id);
  expect(await namesOf('/api/endpoints')).toEqual([]);
});

test('the feed ends within a second of any change of what a group gives, and begins again with it', async () => {
  const { Id } = await newGroup('told');
  const policy = { UserAccessPolicies: { [userId]: { RoleId: 4 } } };
  await server.api('PUT', `/api/endpoint_groups/${Id}`, policy);
  const changes = [
    () => server.api('PUT', `/api/endpoint_groups/${Id}/endpoints/2`),
    () => server.api('PUT', `/api/endpoint_groups/${Id}`, { UserAccessPolicies: {} }),
    () => server.api('PUT', `/api/endpoint_groups/${Id}`, policy),
    () => removeGroup(Id),
  ];
  for (const [index, change] of changes.entries()) {
    const { socket, shown } = await listen();
    expect(shown).toEqual(index % 2 === 0 ? [] : ['two']);
    const closed = once(socket, 'close');
    const startMs = performance.now();
    await change();
    await closed;
    expect(performance.now() - startMs).toBeLessThan(1_000);
  }
  expect((await listen()).shown).toEqual([]);
});

async function listen() {
  const url = `${server.url.replace('https:', 'wss:')}${FEED_PATH}`;
  const headers = { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers, rejectUnauthorized: false });
  closing.defer(() => socket.terminate());
  const [text] = await once(socket, 'message');
  const shown: string[] = JSON.parse(String(text)).environments.map(
    ({ name }: { name: string }) => name,
  );
  return { socket, shown };
}

test('others than administrators change no group', async () => {
  const headers = { Authorization: `Bearer ${token}` };
  for (const [method, path] of [
    ['POST', '/api/endpoint_groups'],
    ['GET', '/api/endpoint_groups/1'],
    ['PUT', '/api/endpoint_groups/1'],
    ['DELETE', '/api/endpoint_groups/1'],
    ['PUT', '/api/endpoint_groups/1/endpoints/1'],
    ['DELETE', '/api/endpoint_groups/1/endpoints/1'],
  ] as const) {
    expect((await server.call(path, { method, headers, body: {} })).status).toBe(403);
  }
});
