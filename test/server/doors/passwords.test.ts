/** What a new password must be, and how hashes of other programs and other days are met. */
import { hash } from '@node-rs/argon2';
import bcrypt from 'bcryptjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Accounts } from '../../../src/server/fleet/accounts.ts';
import { PasswordPolicy } from '../../../src/server/fleet/password-policy.ts';
import { SignInBrake } from '../../../src/server/fleet/sign-in-brake.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PASSWORD = 'a long enough password';
let server: InProcessServer;
beforeAll(async () => {
  server = await startInProcessServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const create = (Username: string, Password: string) =>
  server.api('POST', '/api/users', { Username, Password, Role: 2 });

test.each([
  ['short', /at least 12 characters/],
  ['password1234!', /known from breaches/],
  ['P@ssw0rd1234', /known from breaches/],
  ['iloveyou1234', /known from breaches/],
  ['111111111111', /repeats, rows of keys, dates/],
  ['zxcvbnm,./12', /repeats, rows of keys, dates/],
  ['administrator', /known from breaches|name of the account/],
  ['hortensebrown1', /name of the account/],
  ['x'.repeat(2_000), /at most 1024 characters/],
])('%s is refused, and the sentence says why', async (password, why) => {
  const { status, body } = await create('hortensebrown', password);
  expect([status, body.message]).toEqual([400, 'Password does not meet the requirements']);
  expect(body.details).toMatch(why);
  expect(body.details).not.toContain(password);
});

test('a long hostile password costs no more than a moment', async () => {
  const fromMs = performance.now();
  await create('hortense.c', 'aB1!'.repeat(250));
  expect(performance.now() - fromMs).toBeLessThan(5_000);
});

test('the length is a setting, told to everybody, kept within bounds', async () => {
  const put = (RequiredPasswordLength: number) =>
    server.api('PUT', '/api/settings', { InternalAuthSettings: { RequiredPasswordLength } });
  expect((await put(4)).status).toBe(400);
  expect((await put(20)).body.InternalAuthSettings.RequiredPasswordLength).toBe(20);
  const told = await server.call('/api/settings/public');
  expect(told.body.RequiredPasswordLength).toBe(20);
  const { body } = await create('ida', 'nineteen-characters');
  expect(body.details).toBe('Give at least 20 characters.');
  await put(12);
});

test.each([
  ['argon2id with less memory', () => hash(PASSWORD, { memoryCost: 8 * 1024, timeCost: 2 })],
  ['argon2id with fewer passes', () => hash(PASSWORD, { memoryCost: 19 * 1024, timeCost: 1 })],
  ['bcrypt, as Portainer keeps it', () => bcrypt.hash(PASSWORD, 10)],
])('a hash of %s is made anew when its password comes', async (_what, makeHash) => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore(folder.path);
  const policy = await PasswordPolicy.open(store.settings);
  const brake = new SignInBrake();
  const accounts = new Accounts({ users: store.users, brake, policy, now: Date.now });
  const passwordHash = await makeHash();
  const user = { username: 'old', passwordHash, role: 2, tokensValidFromS: 0 } as const;
  const { id } = await store.users.insert(user);
  const kept = async () => (await store.users.get(id))?.passwordHash;
  await expect(accounts.signIn('old', 'another one', 'here')).rejects.toThrow('Invalid');
  expect(await kept()).toBe(passwordHash);
  await accounts.signIn('old', PASSWORD, 'here');
  const renewed = await kept();
  expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  await accounts.signIn('old', PASSWORD, 'here');
  expect(await kept()).toBe(renewed);
});

test('a first administrator may come as a bcrypt hash, as Portainer’s flag takes it', async () => {
  const adminPasswordHash = await bcrypt.hash(PASSWORD, 10);
  await using other = await startInProcessServer({
    hasAdministrator: false,
    settings: { adminPasswordHash },
  });
  expect(await other.signIn('admin', PASSWORD)).toBeTypeOf('string');
});
