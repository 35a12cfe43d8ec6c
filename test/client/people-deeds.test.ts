/** Every change of users, teams, access and API keys on a real server, as the console makes them; refusals in the server's words. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carryOut } from '../../src/client/people-deeds.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';
import type { ServerSession } from '../../src/client/server-environments.ts';
import { readDirectory } from '../../src/client/server-people.ts';
import type { PeopleDeed } from '../../src/protocol/people.ts';
import { Closing } from '../support/closing.ts';
import { startEngine } from '../support/engine.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../support/in-process-server.ts';
import { codeOf, turnOnFactor } from '../support/second-factor.ts';

const PASSWORD = 'plenty of sea horses at noon';
const OTHER = 'a quiet evening under elm trees';
const PLACE = { of: 'environment', id: 1, name: 'here' } as const;
const closing = new Closing();
let server: InProcessServer;
let session: ServerSession;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'deeds' }));
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  const { fingerprint: pin } = server.server;
  const signal = new AbortController().signal;
  const address = parseServerAddress(server.url);
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  session = { reach: { address, pin, signal }, headers };
}, 120_000);
afterAll(() => closing.close());

const people = () => readDirectory(session, { kind: 'people' });
const userNamed = async (name: string) =>
  (await people()).users.find((user) => user.name === name) ?? { id: 0, name };

async function makeUser(name: string) {
  await carryOut(session, {
    kind: 'create-user',
    name,
    password: PASSWORD,
    isAdministrator: false,
  });
  return await userNamed(name);
}

test('a user: made, raised, given a password, deleted; a name that is taken is refused in words', async () => {
  const user = await makeUser('sam');
  await expect(makeUser('SAM')).rejects.toThrow(/did not create SAM: .*exists/i);
  await carryOut(session, { kind: 'set-role', user, isAdministrator: true });
  expect(await userNamed('sam')).toMatchObject({ isAdministrator: true });
  await carryOut(session, { kind: 'set-password', user, password: OTHER });
  expect(await server.signIn('sam', OTHER)).toEqual(expect.any(String));
  await expect(
    carryOut(session, { kind: 'set-password', user, password: 'short' }),
  ).rejects.toThrow(/did not set a new password for sam/);
  await carryOut(session, { kind: 'delete-user', user });
  expect((await people()).users.map(({ name }) => name)).toEqual(['admin']);
});

test('nobody changes the own role, and the first administrator stays one', async () => {
  const admin = { id: 1, name: 'admin' };
  await expect(
    carryOut(session, { kind: 'set-role', user: admin, isAdministrator: false }),
  ).rejects.toThrow('Nobody changes the role of the own account');
});

test('a team: made, joined, led, left, deleted', async () => {
  const user = await makeUser('kim');
  await carryOut(session, { kind: 'create-team', name: 'desk' });
  const [team] = (await people()).teams;
  if (!team) throw new Error('no team');
  await carryOut(session, { kind: 'join-team', team, user, isLeader: false });
  const [joined] = (await people()).memberships;
  expect(joined).toMatchObject({ userId: user.id, teamId: team.id, isLeader: false });
  const membershipId = joined?.id ?? 0;
  await carryOut(session, { kind: 'set-leader', membershipId, team, user, isLeader: true });
  expect((await people()).memberships[0]).toMatchObject({ isLeader: true });
  await carryOut(session, { kind: 'leave-team', membershipId, team, user });
  expect((await people()).memberships).toEqual([]);
  await carryOut(session, { kind: 'delete-team', team });
  expect((await people()).teams).toEqual([]);
});

test('access: given beside what others gave, changed, taken away', async () => {
  const first = await makeUser('lee');
  const second = await makeUser('max');
  const access = async () => {
    const wish = { kind: 'access', of: 'environment', name: 'here', id: 1 } as const;
    return Object.fromEntries((await readDirectory(session, wish)).access?.users ?? []);
  };
  const set = (user: typeof first, roleId: number | null) =>
    carryOut(session, {
      kind: 'set-access',
      place: PLACE,
      member: { kind: 'user', ...user },
      roleId,
    });
  await set(first, 2);
  await set(second, 4);
  expect(await access()).toEqual({ [first.id]: 2, [second.id]: 4 });
  await set(first, 5);
  await set(second, null);
  expect(await access()).toEqual({ [first.id]: 5 });
});

test('access to a group is found by its name, and a name that is none tells which there are', async () => {
  const wish = { kind: 'access', of: 'group' } as const;
  const found = await readDirectory(session, { ...wish, name: 'unassigned' });
  expect(found.access?.place).toEqual({ of: 'group', id: 1, name: 'Unassigned' });
  await expect(readDirectory(session, { ...wish, name: 'nowhere' })).rejects.toThrow(
    'No environment group is called nowhere; there are Unassigned',
  );
});

test('an API key of an account with a second factor is made with its code, and asks for it without', async () => {
  const user = await makeUser('ada');
  const token = await server.signIn('ada', PASSWORD);
  const secret = await turnOnFactor({ url: server.url, token, userId: user.id }, PASSWORD);
  const wish = { kind: 'create-key', user, password: PASSWORD, description: 'ci', endsAtS: null };
  const make = (code?: string) =>
    carryOut(session, { ...wish, ...(code && { code }) } as PeopleDeed);
  await expect(make()).rejects.toMatchObject({ code: 'second-factor' });
  await expect(make('000000')).rejects.toThrow('does not accept this code');
  await expect(make(codeOf(secret, 1))).resolves.toMatchObject({
    secret: expect.stringMatching(/^ptr_/),
  });
});

test('whose second factor is required: told with who has none, and changed', async () => {
  const [user, admin] = [await makeUser('otto'), { id: 1, name: 'admin' }];
  const wish = { kind: 'create-key', user: admin, description: 'rule', endsAtS: null } as const;
  const { secret = '' } = await carryOut(session, { ...wish, password: ADMIN_PASSWORD });
  const keyed = { ...session, headers: { 'x-api-key': secret } };
  const standing = async () => (await readDirectory(keyed, { kind: 'people' })).factors;
  expect(await standing()).toMatchObject({ requiredOf: 'nobody' });
  expect((await standing())?.without).toEqual(expect.arrayContaining([1, user.id]));
  const token = await server.signIn('otto', PASSWORD);
  await turnOnFactor({ url: server.url, token, userId: user.id }, PASSWORD);
  await carryOut(keyed, { kind: 'require-factor', of: 'everybody' });
  expect(await standing()).toMatchObject({ requiredOf: 'everybody' });
  expect((await standing())?.without).not.toContain(user.id);
  await carryOut(keyed, { kind: 'require-factor', of: 'nobody' });
  expect(await standing()).toMatchObject({ requiredOf: 'nobody' });
});

test('an API key: made with the password, listed with its end, used, deleted', async () => {
  const user = { id: 1, name: 'admin' };
  const endsAtS = Math.floor(Date.now() / 1_000) + 86_400;
  const wish = { kind: 'create-key', user, description: 'ci', endsAtS } as const;
  await expect(carryOut(session, { ...wish, password: 'wrong' })).rejects.toThrow(
    'does not accept this user name and password',
  );
  const { secret = '' } = await carryOut(session, { ...wish, password: ADMIN_PASSWORD });
  expect(secret).toMatch(/^ptr_/);
  const headers = { 'X-API-Key': secret };
  expect((await server.call('/api/users/me', { headers })).status).toBe(200);
  const { keys = [] } = await readDirectory(session, { kind: 'keys', userId: 1 });
  const key = keys.find(({ description }) => description === 'ci');
  if (!key) throw new Error('no key');
  expect(key).toMatchObject({ endsAtS });
  expect(key.lastUsedAtS).toBeGreaterThan(0);
  await carryOut(session, { kind: 'delete-key', user, key });
  expect((await server.call('/api/users/me', { headers })).status).toBe(401);
});
