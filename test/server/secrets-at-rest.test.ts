/** Secrets in the store: sealed with a key that need not lie beside it, noticed when the key is wrong, sealed anew on demand. */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadOrCreateCertificate } from '../../src/link/certificate.ts';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { loadOrCreateKey } from '../../src/link/identity.ts';
import { secretIn } from '../../src/protocol/secret.ts';
import { openSqliteStore } from '../../src/server/store/sqlite-store.ts';
import { Closing } from '../support/closing.ts';
import { startInProcessServer } from '../support/in-process-server.ts';
import { certificateFor } from '../support/listeners.ts';
import { runServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEY = 'correct horse battery staple, 32+';
const OTHER = 'another key of thirty-two letters';

let closing: Closing;
let dataFolder: string;
beforeEach(async () => {
  closing = new Closing();
  dataFolder = join(closing.use(await temporaryFolder()).path, 'data');
});
afterEach(() => closing.close());

const start = (more: { dataFolder?: string; secretKey?: string; secretKeyFile?: string } = {}) =>
  startInProcessServer({
    settings: { dataFolder, ...more, secretKey: secretIn(more.secretKey) },
  });

/** A store with a session in it. */
async function fill(more: { secretKey?: string } = {}): Promise<{ token: string }> {
  await using server = await start(more);
  return { token: await server.signIn() };
}

/** What lies on disk of the secrets. */
async function kept() {
  await using store = await openSqliteStore(dataFolder);
  const { settings } = store;
  return {
    session: await settings.get('session-secret'),
    check: await settings.get('secret-key-check'),
  };
}

const isSignedIn = async (token: string, more = {}): Promise<boolean> => {
  await using server = await start(more);
  const headers = { Authorization: `Bearer ${token}` };
  return (await server.call('/api/users/me', { headers })).status === 200;
};

test('a first start makes a key that only its owner reads; the store holds no secret in the open', async () => {
  const { token } = await fill();
  const file = join(dataFolder, 'secret.key');
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  expect((await readFile(file, 'utf8')).trim()).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect((await kept()).session).toMatch(/^sealed:/);
  expect(await isSignedIn(token)).toBe(true);
});

test('sessions rotate, of a stopped server, leaves no secret in the open and none of before', async () => {
  const { token } = await fill({ secretKey: KEY });
  const { code } = await runServer(['sessions', 'rotate', '--data', dataFolder]);
  expect([code, (await kept()).session]).toEqual([0, '']);
  const rekeyed = { FLEET_SECRET_KEY: KEY, FLEET_NEW_SECRET_KEY: OTHER };
  expect((await runServer(['rekey', '--data', dataFolder], rekeyed)).code).toBe(0);
  expect(await isSignedIn(token, { secretKey: OTHER })).toBe(false);
  expect((await kept()).session).toMatch(/^sealed:/);
});

test('keys of TLS environments are sealed, and used as before', async () => {
  const { key: tlsKey } = await certificateFor();
  {
    await using server = await start();
    const wish = { name: 'tls', type: 1 as const, url: 'tcp://127.0.0.1:1' };
    await server.server.services.environments.adopt(wish);
  }
  {
    await using store = await openSqliteStore(dataFolder);
    const [record] = await store.environments.list();
    // As an earlier release would have left it.
    await store.environments.update(record?.id ?? 0, { tlsKey });
  }
  {
    await using server = await start();
    const [view] = await server.server.services.environments.list();
    expect(view?.record.tlsKey).toBe(tlsKey);
  }
  const bytes = await readFile(join(dataFolder, 'fleet.db'));
  expect(bytes.includes(tlsKey.split('\n')[2] ?? '?')).toBe(false);
});

test.each([
  ['another FLEET_SECRET_KEY', { secretKey: OTHER }, /another key than FLEET_SECRET_KEY/],
  ['none', {}, /another key than the key in .*secret\.key/],
])('with %s nothing is read and nothing is changed', async (_what, wrong, words) => {
  const { token } = await fill({ secretKey: KEY });
  const before = await kept();
  await expect(start(wrong)).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringMatching(words),
  });
  expect(await kept()).toEqual(before);
  await expect(stat(join(dataFolder, 'secret.key'))).rejects.toThrow();
  expect(await isSignedIn(token, { secretKey: KEY })).toBe(true);
});

test('a key that is lost is said to be lost, not made anew', async () => {
  await fill();
  await rename(join(dataFolder, 'secret.key'), join(dataFolder, 'away'));
  await expect(start()).rejects.toThrow(/bring the key file back/);
  await using server = await start({ secretKeyFile: join(dataFolder, 'away') });
  expect((await server.call('/api/status')).status).toBe(200);
});

test('a short key is refused with advice', async () => {
  const { code, stderr } = await runServer(['--data', dataFolder, '--bind-https', '127.0.0.1:0'], {
    FLEET_SECRET_KEY: 'short',
  });
  expect(code).toBe(1);
  expect(stderr).toContain('openssl rand -base64 32');
});

const KEY_FILES = ['portainer.key', 'link-keys.json', 'key.pem'];

/** The files of the server's private keys as they lie there. */
const keyFiles = () =>
  Promise.all(KEY_FILES.map((name) => readFile(join(dataFolder, name), 'utf8')));

test("the server's private keys are sealed, those that lie bare by the next start, and stay what they were", async () => {
  const key = await loadOrCreateKey(dataFolder);
  const tls = { certFile: join(dataFolder, 'cert.pem'), keyFile: join(dataFolder, 'key.pem') };
  const names = { commonName: 'fleet-server', names: ['localhost'], addresses: [] };
  const { certificatePem } = await loadOrCreateCertificate({ ...tls, ...names });
  const known = async () => {
    await using server = await start({ secretKey: KEY });
    const { certificate, links } = server.server.services;
    return [links.keys.current.fingerprint, certificate.current.cert];
  };
  expect(await known()).toEqual([linkFingerprint(key), certificatePem]);
  for (const text of await keyFiles()) expect(text).not.toMatch(/PRIVATE KEY/);
  expect(await known()).toEqual([linkFingerprint(key), certificatePem]);
  expect(((await stat(join(dataFolder, 'portainer.key'))).mode & 0o777).toString(8)).toBe('600');
  const verify = (env: Record<string, string>) =>
    runServer(['audit', 'verify', '--data', dataFolder], env);
  expect((await verify({ FLEET_SECRET_KEY: KEY })).stdout).toContain('whole');
  expect((await verify({ FLEET_SECRET_KEY: OTHER })).code).toBe(1);
});

test('an uploaded certificate is sealed with its key', async () => {
  const { cert, key } = await certificateFor();
  {
    await using server = await start();
    expect((await server.api('PUT', '/api/ssl', { Cert: cert, Key: key })).status).toBe(204);
  }
  expect(await readFile(join(dataFolder, 'https.pem'), 'utf8')).not.toMatch(/PRIVATE KEY|CERTIF/);
  await writeFile(join(dataFolder, 'key.pem'), key);
  await using server = await start();
  expect(await readFile(join(dataFolder, 'key.pem'), 'utf8')).not.toMatch(/PRIVATE KEY/);
  expect(server.server.services.certificate.current.cert.trim()).toBe(cert.trim());
});

test('rekey: everything opens with the new key, nothing with the old one', async () => {
  const { token } = await fill({ secretKey: KEY });
  const run = (env: Record<string, string>) => runServer(['rekey', '--data', dataFolder], env);
  const wrong = await run({ FLEET_SECRET_KEY: OTHER });
  expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringContaining('Nothing was changed')]);
  const done = await run({ FLEET_SECRET_KEY: KEY, FLEET_NEW_SECRET_KEY: OTHER });
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('FLEET_NEW_SECRET_KEY')]);
  await expect(start({ secretKey: KEY })).rejects.toThrow(/another key/);
  expect(await isSignedIn(token, { secretKey: OTHER })).toBe(true);
  const toFile = await run({ FLEET_SECRET_KEY: OTHER });
  expect([toFile.code, toFile.stdout]).toEqual([0, expect.stringContaining('secret.key')]);
  expect(await isSignedIn(token)).toBe(true);
});

test('rekey leaves alone what lies bare: it may be what --sslkey names', async () => {
  await fill();
  const { key } = await certificateFor();
  await writeFile(join(dataFolder, 'key.pem'), key);
  expect((await runServer(['rekey', '--data', dataFolder])).code).toBe(0);
  expect(await readFile(join(dataFolder, 'key.pem'), 'utf8')).toBe(key);
});

test('a rekey that broke off before or after the store was changed is brought to an end by the next start', async () => {
  const { token } = await fill();
  const file = join(dataFolder, 'secret.key');
  await writeFile(`${file}.next`, `${OTHER}\n`);
  expect(await isSignedIn(token)).toBe(true);
  const old = await readFile(file, 'utf8');
  const oldKeys = await keyFiles();
  expect((await runServer(['rekey', '--data', dataFolder])).code).toBe(0);
  for (const [at, name] of ['secret.key', ...KEY_FILES].entries()) {
    await rename(join(dataFolder, name), join(dataFolder, `${name}.next`));
    await writeFile(join(dataFolder, name), [old, ...oldKeys][at] ?? '');
  }
  // A backup that is made meanwhile is as good.
  const archive = join(dataFolder, '..', 'archive');
  const found = join(dataFolder, '..', 'found');
  const env = { FLEET_BACKUP_PASSWORD: 'of the backup' };
  expect((await runServer(['backup', archive, '--data', dataFolder], env)).code).toBe(0);
  expect((await runServer(['restore', archive, '--data', found], env)).code).toBe(0);
  expect(await isSignedIn(token, { dataFolder: found })).toBe(true);
  expect(await isSignedIn(token)).toBe(true);
});
