/** Each role over real HTTP on a real engine: what it may, what it may not, and what it is not shown. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES } from '../../../src/protocol/permission.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
const tokens = new Map<number, string>();
let server: InProcessServer;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'roles' }));
  const secret = ['-e', 'DB_PASSWORD=hunter2-xyz'];
  await engine.docker('run', '-d', '--name', 'box', ...secret, 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  const policies: Record<string, { RoleId: number }> = {};
  for (const { id } of ROLES) {
    const user = { Username: `role${id}`, Password: PASSWORD, Role: 2 };
    const { body } = await server.api('POST', '/api/users', user);
    policies[body.Id] = { RoleId: id as number };
    tokens.set(id as number, await server.signIn(`role${id}`, PASSWORD));
  }
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: policies });
}, 120_000);
afterAll(() => closing.close());

async function asRole(id: number, method: string, path: string, body?: unknown) {
  return await server.call(`/api/endpoints/1/docker${path}`, {
    method,
    headers: { Authorization: `Bearer ${tokens.get(id)}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const EXEC = { Cmd: ['true'], AttachStdout: true };
/** Each with the roles that may make it; harmless or refused by the engine for those who do. */
const CALLS: readonly (readonly [string, string, unknown, readonly number[]])[] = [
  ['GET', '/containers/json', undefined, [1, 2, 3, 4, 5]],
  ['GET', '/containers/box/logs?stdout=1', undefined, [1, 2, 5]],
  ['GET', '/containers/box/top', undefined, [1, 2, 4, 5]],
  ['POST', '/containers/box/unpause', undefined, [1, 2, 5]],
  ['POST', '/containers/box/exec', EXEC, [1, 5]],
  ['POST', '/containers/box/exec', { ...EXEC, Privileged: true }, [1]],
  ['GET', '/containers/box/archive?path=/etc/hostname', undefined, [1, 5]],
  ['POST', '/containers/box/update', { Memory: 64 << 20, MemorySwap: -1 }, [1, 5]],
  ['POST', '/containers/create', { Image: 'nobody/nothing' }, [1, 3]],
  ['DELETE', '/containers/nobody', undefined, [1, 3]],
  ['GET', '/swarm', undefined, [1]],
  ['GET', '/tomorrow', undefined, []],
  ['GET', '/containers/box/%252e%252e/json', undefined, []],
];

describe.each(ROLES.map(({ id, name }) => [id as number, name] as const))('role %i, %s', (id) => {
  test.each(CALLS)('%s %s %j', async (method, path, body, roles) => {
    const { status, body: answer } = await asRole(id, method, path, body);
    if (!roles.includes(id))
      expect([status, answer.message]).toEqual([403, 'access denied to resource']);
    else expect(status).not.toBe(403);
  });
});

test('values of variables are told only to roles that may see them', async () => {
  const variables = async (id: number) =>
    (await asRole(id, 'GET', '/v1.41/containers/box/json')).body.Config.Env as string[];
  expect(await variables(5)).toContain('DB_PASSWORD=hunter2-xyz');
  for (const id of [2, 4]) {
    expect(await variables(id)).toContain('DB_PASSWORD=');
    expect(JSON.stringify(await variables(id))).not.toContain('hunter2');
  }
});

test("an engine's refusal of a covered call keeps its status", async () => {
  expect(await asRole(4, 'GET', '/containers/nobody/json')).toMatchObject({
    status: 404,
    body: { message: 'No such container: nobody' },
  });
});

test('a judged body arrives as it was sent', async () => {
  const { status, body } = await asRole(5, 'POST', '/containers/box/exec', EXEC);
  expect([status, body.Id]).toEqual([201, expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test('administrators see the roles in the shape of Portainer, others do not', async () => {
  const { body } = await server.api('GET', '/api/roles');
  expect(body).toHaveLength(5);
  expect(body[0]).toMatchObject({ Id: 1, Name: 'Environment administrator', Priority: 1 });
  const headers = { Authorization: `Bearer ${tokens.get(1)}` };
  expect((await server.call('/api/roles', { headers })).status).toBe(403);
});
