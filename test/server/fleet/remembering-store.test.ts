/** A store that remembers: it asks once, and never tells what was written over. */
import { expect, test } from 'vitest';
import { rememberingStore } from '../../../src/server/fleet/remembering-store.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const USER = { username: 'ada', passwordHash: '', role: 2, tokensValidFromS: 0 } as const;
const KEY = {
  description: 'script',
  prefix: 'ptr_abc',
  digest: 'd1',
  dateCreated: 0,
  lastUsed: 0,
  expiresAt: null,
  environmentIds: null,
  roleId: null,
} as const;

/** A remembering store on a real one, and how often that one was asked for a user or a key. */
async function remembering() {
  const folder = await temporaryFolder();
  const real = await openSqliteStore(folder.path);
  let asked = 0;
  const counted: Store = {
    ...real,
    users: { ...real.users, get: (id) => real.users.get(id).finally(() => (asked += 1)) },
    apiKeys: {
      ...real.apiKeys,
      findByDigest: (digest) => real.apiKeys.findByDigest(digest).finally(() => (asked += 1)),
    },
  };
  return {
    store: rememberingStore(counted),
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      await real[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('what is asked again is not read again, until something is written', async () => {
  await using world = await remembering();
  const { users } = world.store;
  const { id } = await users.insert(USER);
  for (let time = 0; time < 3; time += 1) expect((await users.get(id))?.role).toBe(2);
  expect(world.asked()).toBe(1);
  await users.update(id, { role: 1 });
  expect((await users.get(id))?.role).toBe(1);
  await users.remove(id);
  expect(await users.get(id)).toBeUndefined();
});

test('a key goes with itself, with its account, and tells when it was used', async () => {
  await using world = await remembering();
  const { users, apiKeys } = world.store;
  const { id: userId } = await users.insert(USER);
  const { id } = await apiKeys.insert({ ...KEY, userId });
  await apiKeys.insert({ ...KEY, userId, digest: 'd2' });
  expect(await apiKeys.findByDigest('d1')).toMatchObject({ id, lastUsed: 0 });
  expect(await apiKeys.findByDigest('d2')).toBeDefined();
  await apiKeys.markUsed(id, 60);
  expect(await apiKeys.findByDigest('d1')).toMatchObject({ id, lastUsed: 60 });
  await apiKeys.remove(id);
  expect(await apiKeys.findByDigest('d1')).toBeUndefined();
  expect(await apiKeys.findByDigest('d2')).toBeDefined();
  await users.remove(userId);
  expect(await apiKeys.findByDigest('d2')).toBeUndefined();
});

test('what was read while it was written over is not remembered', async () => {
  await using world = await remembering();
  const { users } = world.store;
  const { id } = await users.insert(USER);
  const [, , after] = await Promise.all([
    users.get(id),
    users.update(id, { role: 1 }),
    users.get(id),
  ]);
  expect(after).toBeDefined();
  expect((await users.get(id))?.role).toBe(1);
});

test('only so many are remembered', async () => {
  await using world = await remembering();
  const { users } = world.store;
  const ids: number[] = [];
  for (let made = 0; made < 65; made += 1) {
    ids.push((await users.insert({ ...USER, username: `user${made}` })).id);
  }
  for (const id of ids) await users.get(id);
  const before = world.asked();
  await users.get(ids[64] as number);
  expect(world.asked()).toBe(before);
  await users.get(ids[0] as number);
  expect(world.asked()).toBe(before + 1);
});
