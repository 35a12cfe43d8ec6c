/** The second factor over real HTTPS: turned on, asked for, used once, slowed down, lost and taken away. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secondFactorCommand } from '../../../src/server/second-factor-command.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import type { HttpsAnswer } from '../../support/https-call.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../../support/in-process-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PASSWORD = 'a long enough password';
const STEP_MS = 30_000;
const clock = { ms: Date.now() };
let server: InProcessServer;
let names = 0;
beforeAll(async () => {
  server = await startInProcessServer({ now: () => clock.ms });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Ten tries a second are all that one address has, and tests are quick. */
async function patiently(call: () => Promise<HttpsAnswer>): Promise<HttpsAnswer> {
  for (;;) {
    const answer = await call();
    if (answer.body?.message !== 'Too many requests') return answer;
    await sleep(200);
  }
}

const auth = (Username: string, Password: string, Code?: string) =>
  patiently(() => server.call('/api/auth', { method: 'POST', body: { Username, Password, Code } }));

/** The code that the app shows now, or some steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: clock.ms + steps * STEP_MS });

async function newcomer() {
  names += 1;
  const name = `person${names}`;
  const user = { Username: name, Password: PASSWORD, Role: 2 };
  const id = (await server.api('POST', '/api/users', user)).body.Id as number;
  const token = await server.signIn(name, PASSWORD);
  const factor = (method: string, path = '', body?: unknown) =>
    patiently(() =>
      server.call(`/api/fleet/users/${id}/second-factor${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}` },
        body,
      }),
    );
  return { name, id, token, factor };
}

async function enrolled() {
  const person = await newcomer();
  const begun = await person.factor('POST', '', { Password: PASSWORD });
  expect(begun.status).toBe(200);
  const secret = begun.body.secret as string;
  const confirmed = await person.factor('POST', '/confirm', { Code: codeOf(secret) });
  expect(confirmed.status).toBe(200);
  // The code that confirmed is spent.
  clock.ms += STEP_MS;
  return { ...person, secret, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

test('is told as an otpauth address, and asked for only after it was confirmed', async () => {
  const { name, factor } = await newcomer();
  expect((await factor('POST', '', { Password: 'not it' })).status).toBe(403);
  const { body } = await factor('POST', '', { Password: PASSWORD });
  expect(body.url).toMatch(
    new RegExp(`^otpauth://totp/fleet-server:${name}\\?.*secret=${body.secret}`),
  );
  expect((await auth(name, PASSWORD)).status).toBe(200);
  const wrong = await factor('POST', '/confirm', { Code: '000000' });
  expect(wrong).toMatchObject({ status: 422, body: { message: 'Invalid code' } });
  expect((await factor('GET')).body).toEqual({ isOn: false, since: null, recoveryCodesLeft: 0 });
});

test('without a code the answer is a 422 that old clients know, with a header for ours', async () => {
  const { name, secret } = await enrolled();
  const asked = await auth(name, PASSWORD);
  expect(asked).toMatchObject({
    status: 422,
    headers: { 'fleet-fault': 'second-factor' },
    body: { message: 'Second factor required' },
  });
  expect(asked.headers['set-cookie']).toBeUndefined();
  const wrong = await auth(name, 'not it', codeOf(secret));
  expect([wrong.status, wrong.body.message]).toEqual([422, 'Invalid credentials']);
  expect(wrong.headers['fleet-fault']).toBeUndefined();
  expect((await auth(name, PASSWORD, codeOf(secret))).status).toBe(200);
});

test('a code is good once, and so is the one before it afterwards; the clock may be off by a step', async () => {
  const { name, secret } = await enrolled();
  const code = codeOf(secret);
  expect((await auth(name, PASSWORD, code)).status).toBe(200);
  expect((await auth(name, PASSWORD, code)).status).toBe(422);
  expect((await auth(name, PASSWORD, codeOf(secret, -1))).status).toBe(422);
  expect((await auth(name, PASSWORD, codeOf(secret, 2))).status).toBe(422);
  expect((await auth(name, PASSWORD, codeOf(secret, 1))).status).toBe(200);
  clock.ms += 2 * STEP_MS;
  const [first, second] = await Promise.all([
    auth(name, PASSWORD, codeOf(secret)),
    auth(name, PASSWORD, codeOf(secret)),
  ]);
  expect([first.status, second.status].sort()).toEqual([200, 422]);
});

test('guessing codes is slowed down although the password is right', async () => {
  const { name, secret } = await enrolled();
  for (let count = 0; count < 5; count += 1) {
    expect((await auth(name, PASSWORD, '000000')).status).toBe(422);
  }
  const slowed = await auth(name, PASSWORD, codeOf(secret));
  expect(slowed).toMatchObject({ status: 429, body: { message: 'Too many wrong codes' } });
  clock.ms += 1_000;
  expect((await auth(name, PASSWORD, codeOf(secret))).status).toBe(200);
});

test('a recovery code is good once, in any writing, and new ones end the old', async () => {
  const { name, secret, factor, recoveryCodes } = await enrolled();
  expect(recoveryCodes).toHaveLength(10);
  const [code = '', other = ''] = recoveryCodes;
  expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
  expect((await auth(name, PASSWORD, code.replaceAll('-', ' ').toLowerCase())).status).toBe(200);
  expect((await auth(name, PASSWORD, code)).status).toBe(422);
  expect((await factor('GET')).body).toMatchObject({ isOn: true, recoveryCodesLeft: 9 });
  const renewed = await factor('POST', '/recovery-codes', { Code: codeOf(secret) });
  expect(renewed.body.recoveryCodes).toHaveLength(10);
  expect((await auth(name, PASSWORD, other)).status).toBe(422);
  expect((await auth(name, PASSWORD, renewed.body.recoveryCodes[0])).status).toBe(200);
});

test('its owner turns it off by password and code, and nobody turns it on twice', async () => {
  const { name, secret, factor } = await enrolled();
  expect((await factor('POST', '', { Password: PASSWORD })).status).toBe(409);
  expect((await factor('DELETE', '', { Password: PASSWORD })).status).toBe(422);
  expect((await factor('DELETE', '', { Code: codeOf(secret) })).status).toBe(403);
  const both = { Password: PASSWORD, Code: codeOf(secret) };
  expect((await factor('DELETE', '', both)).status).toBe(204);
  expect((await auth(name, PASSWORD)).status).toBe(200);
});

test('an administrator takes it away from others, and the audit trail says so', async () => {
  const lost = await enrolled();
  const { factor } = await newcomer();
  const path = `/api/fleet/users/${lost.id}/second-factor`;
  const other = await server.call(path, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${(await newcomer()).token}` },
  });
  expect(other.status).toBe(403);
  expect((await factor('GET')).status).toBe(200);
  expect((await server.api('POST', path, { Password: ADMIN_PASSWORD })).status).toBe(403);
  expect((await server.api('DELETE', path)).status).toBe(204);
  expect((await auth(lost.name, PASSWORD)).status).toBe(200);
  const rows = await server.server.services.audit.list(Number.MAX_SAFE_INTEGER, 20);
  const told = rows.filter((row) => row.path === path && row.method === 'DELETE');
  expect(told.map(({ user, status }) => [user, status])).toContainEqual(['admin', 204]);
});

test('an API key neither sees codes nor turns anything on', async () => {
  const person = await enrolled();
  const made = await server.call(`/api/users/${person.id}/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${person.token}` },
    body: { password: PASSWORD, description: 'k' },
  });
  const headers = { 'x-api-key': made.body.rawAPIKey as string };
  const path = `/api/fleet/users/${person.id}/second-factor`;
  for (const [method, tail] of [
    ['POST', ''],
    ['POST', '/confirm'],
    ['POST', '/recovery-codes'],
    ['DELETE', ''],
  ] as const) {
    const body = { Password: PASSWORD, Code: codeOf(person.secret) };
    expect((await server.call(`${path}${tail}`, { method, headers, body })).status).toBe(403);
  }
});

test('the only administrator gets in again by a command on the stopped server', async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const tools = { open: openSqliteStore, print: (line: string) => void said.push(line) };
  {
    await using store = await openSqliteStore(folder.path);
    const user = { passwordHash: '', role: 1, tokensValidFromS: 0 } as const;
    const { id } = await store.users.insert({ ...user, username: 'ada' });
    await store.secondFactors.begin(id, 'sealed');
    await store.secondFactors.confirm(id, 5);
  }
  const argv = ['--data', folder.path];
  expect(await secondFactorCommand(['remove', 'nobody', ...argv], tools)).toBe(1);
  expect(await secondFactorCommand(['remove', 'ADA', ...argv], tools)).toBe(0);
  expect(said).toEqual(['Nobody is nobody.', 'ada signs in by password alone.']);
  await using store = await openSqliteStore(folder.path);
  expect(await store.secondFactors.get(1)).toBeUndefined();
});

test('neither secrets nor codes are in the log or, readable, in the data', async () => {
  const { secret, recoveryCodes } = await enrolled();
  const log = server.logged.join('');
  const data = await Promise.all(
    (await readdir(server.dataFolder)).map((name) => readFile(join(server.dataFolder, name))),
  );
  expect(data.some((bytes) => bytes.includes('person1'))).toBe(true);
  for (const text of [secret, ...recoveryCodes]) {
    expect(log).not.toContain(text);
    expect(data.some((bytes) => bytes.includes(text))).toBe(false);
  }
});
