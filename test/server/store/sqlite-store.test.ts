/** The store on real files: what it keeps, who may open it, and how it meets older, newer and broken files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST_TABLES } from '../../../src/server/store/migrations/0001-first-tables.ts';
import { openSqliteFile } from '../../../src/server/store/sqlite-file.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import type { EnvironmentRecord } from '../../../src/server/store/store.ts';

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'fleet-store-'));
  return {
    path: join(path, 'data'),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

const ENVIRONMENT: Omit<EnvironmentRecord, 'id'> = {
  name: 'local',
  type: 1,
  containerEngine: '',
  url: 'unix:///var/run/docker.sock',
  publicUrl: '',
  groupId: 1,
  tagIds: [4, 2],
  gpus: [{ name: 'a', value: 'b' }],
  tls: true,
  tlsSkipVerify: false,
  tlsCa: 'ca',
  tlsCert: '',
  tlsKey: '',
  status: 1,
  agentVersion: '',
  userAccessPolicies: { '3': { RoleId: 0 } },
  teamAccessPolicies: {},
  securitySettings: { enableHostManagementFeatures: false },
  edgeCheckinInterval: 0,
  enableGpuManagement: true,
  snapshot: '',
};

test('keeps what it was given, in private files', async () => {
  await using folder = await temporaryFolder();
  {
    await using store = await openSqliteStore(folder.path);
    const made = await store.environments.insert(ENVIRONMENT);
    await store.environments.update(made.id, { status: 2, name: 'here' });
    await store.pins.set(made.id, 'AB:CD');
    await store.pins.set(made.id, 'EF');
    await store.settings.set('instance-id', 'one');
  }
  await using store = await openSqliteStore(folder.path);
  expect(await store.environments.list()).toEqual([
    { ...ENVIRONMENT, id: 1, status: 2, name: 'here' },
  ]);
  expect(await store.pins.get(1)).toBe('EF');
  expect(await store.settings.get('instance-id')).toBe('one');
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder.path, 'fleet.db'))).mode & 0o777).toBe(0o600);
  await store.environments.remove(1);
  expect(await store.pins.get(1)).toBeUndefined();
  expect((await store.environments.insert(ENVIRONMENT)).id).toBe(2);
});

test('names are unique: users without regard to case', async () => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore(folder.path);
  const user = { passwordHash: 'x', role: 1, tokensValidFromS: 0 } as const;
  const made = await store.users.insert({ ...user, username: 'Ada' });
  await expect(store.users.insert({ ...user, username: 'aDA' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'User already exists',
  });
  expect(await store.users.findByName('ADA')).toMatchObject({ id: made.id, username: 'Ada' });
  await store.environments.insert(ENVIRONMENT);
  const other = await store.environments.insert({ ...ENVIRONMENT, name: 'b' });
  await expect(store.environments.insert(ENVIRONMENT)).rejects.toMatchObject({ code: 'conflict' });
  await expect(store.environments.update(other.id, { name: 'local' })).rejects.toMatchObject({
    message: 'Name is not unique',
  });
});

test('a removed user takes the API keys along; expired revocations are forgotten', async () => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore(folder.path);
  const user = await store.users.insert({
    username: 'a',
    passwordHash: '',
    role: 2,
    tokensValidFromS: 0,
  });
  await store.apiKeys.insert({
    userId: user.id,
    description: 'd',
    prefix: 'ptr_abc',
    digest: 'D',
    dateCreated: 5,
    lastUsed: 0,
    expiresAt: null,
    environmentIds: [2],
    roleId: 4,
  });
  const kept = { userId: user.id, expiresAt: null, environmentIds: [2], roleId: 4 };
  expect(await store.apiKeys.findByDigest('D')).toMatchObject(kept);
  await store.users.remove(user.id);
  expect(await store.apiKeys.findByDigest('D')).toBeUndefined();
  await store.revocations.insert('old', 10);
  await store.revocations.insert('new', 20);
  expect(await store.revocations.listValid(10)).toEqual(['new']);
});

test('a second opener is told who holds the folder', async () => {
  await using folder = await temporaryFolder();
  await using _store = await openSqliteStore(folder.path);
  await writeFile(join(folder.path, 'server.json'), '{"pid":42,"url":"https://h:1"}');
  await expect(openSqliteStore(folder.path)).rejects.toMatchObject({
    code: 'data-in-use',
    message: expect.stringContaining(
      `(process 42, https://h:1) has the data folder ${folder.path}`,
    ),
  });
});

test('a newer schema and a foreign file are refused with a sentence', async () => {
  await using folder = await temporaryFolder();
  const newer = await openSqliteFile(folder.path);
  newer.file.exec('PRAGMA user_version = 99');
  newer.file.close();
  await expect(openSqliteStore(folder.path)).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringContaining('newer fleet-server (schema 99'),
  });
  await writeFile(
    join(folder.path, 'fleet.db'),
    'these are not the bytes of a database'.repeat(50),
  );
  await expect(openSqliteStore(folder.path)).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringContaining('is not a database'),
  });
});

test('migrations run once each, and a failing one leaves no trace', async () => {
  await using folder = await temporaryFolder();
  const first = ['CREATE TABLE a (x)'];
  (await openSqliteFile(folder.path, first)).file.close();
  const broken = [...first, 'CREATE TABLE b (x); CREATE TABLE a (x)'];
  await expect(openSqliteFile(folder.path, broken)).rejects.toThrow('already exists');
  const good = await openSqliteFile(folder.path, [...first, 'CREATE TABLE b (x)']);
  expect(good.schemaVersion).toBe(2);
  good.file.close();
});

test('opens at once after the process that held it was killed, with every acknowledged row', async () => {
  await using folder = await temporaryFolder();
  await (await openSqliteStore(folder.path))[Symbol.asyncDispose]();
  const script = `
    const { DatabaseSync } = await import('node:sqlite').catch(() => import('@photostructure/sqlite'));
    const db = new DatabaseSync(process.argv[1]);
    db.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
    for (let i = 1; ; i += 1) {
      db.prepare('INSERT INTO settings VALUES (?, ?)').run('row' + i, '');
      process.stdout.write(i + '\\n');
    }`;
  const writer = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, join(folder.path, 'fleet.db')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let told = '';
  writer.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    if (told.split('\n').length > 20) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  const acknowledged = told.split('\n').slice(0, -1);
  await using store = await openSqliteStore(folder.path);
  for (const row of acknowledged) expect(await store.settings.get(`row${row}`)).toBe('');
});

test('a database of the first release keeps its environments, pins and numbers', async () => {
  await using folder = await temporaryFolder();
  {
    const { file } = await openSqliteFile(folder.path, [FIRST_TABLES]);
    const columns = `name, type, container_engine, url, public_url, group_id, tag_ids, gpus, tls, tls_skip_verify,
      tls_ca, tls_cert, tls_key, status, agent_version, user_access_policies, team_access_policies,
      security_settings, edge_checkin_interval, enable_gpu_management, snapshot`;
    const values = `'', 'tcp://h:9001', '', 1, '[]', '[]', 0, 0, '', '', '', 1, '', '{}', '{}', '{}', 0, 0, ''`;
    for (const name of ['one', 'two', 'three']) {
      file.exec(`INSERT INTO environments (${columns}) VALUES ('${name}', 2, ${values})`);
    }
    file.exec("INSERT INTO pins VALUES (2, 'AB:CD')");
    file.exec('DELETE FROM environments WHERE id = 3');
    file.close();
  }
  await using store = await openSqliteStore(folder.path);
  expect((await store.environments.list()).map(({ id, name }) => [id, name])).toEqual([
    [1, 'one'],
    [2, 'two'],
  ]);
  expect(await store.pins.get(2)).toBe('AB:CD');
  const made = await store.environments.insert({ ...ENVIRONMENT, type: 4, url: 'https://h' });
  expect(made).toMatchObject({ id: 4, type: 4 });
  const nothing = { joinExpiresAtMs: null, nextFingerprint: null, rotatedAtMs: null };
  const serverFingerprint = 'S';
  const binding = {
    ...nothing,
    serverFingerprint,
    environmentId: 4,
    joinKey: null,
    agentFingerprint: 'F',
    boundAtMs: 5,
    agentProduct: 'p',
    lastSeenAtMs: 6,
    ends: [{ atMs: 1, upMs: 2, sentence: 's', side: 'agent' as const }],
  };
  await store.bindings.putAll([binding, { ...binding, environmentId: 99 }]);
  await store.bindings.putAll([{ ...binding, nextFingerprint: 'N' }]);
  expect(await store.bindings.list()).toEqual([{ ...binding, nextFingerprint: 'N' }]);
  await store.environments.remove(2);
  expect(await store.pins.get(2)).toBeUndefined();
  await store.environments.remove(4);
  expect(await store.bindings.list()).toEqual([]);
});
