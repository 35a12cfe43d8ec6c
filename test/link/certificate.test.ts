import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadOrCreateCertificate, selfSigned } from '../../src/link/certificate.ts';
import { loadOrCreateKey } from '../../src/link/identity.ts';
import { checkPin, fingerprintOf } from '../../src/link/pin.ts';
import { checkSignature, publicKeyHex, signatureHeaders } from '../../src/link/signature.ts';
import { Fault } from '../../src/protocol/fault.ts';

async function scratch() {
  const dir = await mkdtemp(join(tmpdir(), 'fleet-link-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

const wishIn = (dir: string) => ({
  certFile: join(dir, 'cert.pem'),
  keyFile: join(dir, 'key.pem'),
  commonName: 'fleet',
  names: ['localhost', 'jump-box'],
  addresses: ['127.0.0.1', '::1'],
});

test('a certificate is made once, kept, P-256, and good for the names asked for', async () => {
  await using folder = await scratch();
  const made = await loadOrCreateCertificate(wishIn(folder.dir));
  const certificate = new X509Certificate(made.certificatePem);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(certificate.checkHost('jump-box')).toBe('jump-box');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(await loadOrCreateCertificate(wishIn(folder.dir))).toEqual(made);
  expect((await stat(join(folder.dir, 'key.pem'))).mode & 0o777).toBe(0o600);
});

test('a certificate stands by itself: strict readers take it, and it is signed by its own key', async () => {
  await using folder = await scratch();
  const wish = {
    commonName: 'fleet ü',
    names: ['x'.repeat(200)],
    addresses: ['fe80::1', '10.0.0.1'],
  };
  const { certificatePem, keyPem } = await selfSigned(wish);
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(certificate.subject).toBe('CN=fleet ü');
  expect(certificate.ca).toBe(false);
  expect(certificate.checkIP('fe80::1')).toBe('fe80::1');
  expect(certificate.checkHost('x'.repeat(200))).toBe('x'.repeat(200));
  const years = (Date.parse(certificate.validTo) - Date.now()) / (365.25 * 86_400_000);
  expect(years).toBeCloseTo(10, 1);
  await writeFile(join(folder.dir, 'cert.pem'), certificatePem);
  const file = join(folder.dir, 'cert.pem');
  const verify = [
    'verify',
    '-x509_strict',
    '-check_ss_sig',
    '-partial_chain',
    '-CAfile',
    file,
    file,
  ];
  expect((await promisify(execFile)('openssl', verify)).stdout).toContain('OK');
});

test('a certificate without its key is named, not replaced', async () => {
  await using folder = await scratch();
  await writeFile(join(folder.dir, 'cert.pem'), 'x');
  await expect(loadOrCreateCertificate(wishIn(folder.dir))).rejects.toThrow('key.pem is missing');
});

test('a key is made once, also by two at the same time, and a broken one is left alone', async () => {
  await using folder = await scratch();
  const keys = await Promise.all([1, 2, 3].map(() => loadOrCreateKey(folder.dir)));
  expect(new Set(keys.map(publicKeyHex)).size).toBe(1);
  const file = join(folder.dir, 'portainer.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, 'not a key');
  await expect(loadOrCreateKey(folder.dir)).rejects.toThrow('holds no private key');
  expect(await readFile(file, 'utf8')).toBe('not a key');
});

const lower = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

test('a signature has the lengths that Portainer writes and proves its key', async () => {
  await using folder = await scratch();
  const key = await loadOrCreateKey(folder.dir);
  const headers = signatureHeaders(key);
  expect(headers['X-PortainerAgent-PublicKey']).toMatch(
    /^3059301306072a8648ce3d0201[0-9a-f]{156}$/,
  );
  expect(headers['X-PortainerAgent-Signature']).toHaveLength(86);
  expect(checkSignature(lower(headers), {})).toBe(publicKeyHex(key));
});

test('a wrong secret, another key than the pinned one and missing headers are refused', async () => {
  await using folder = await scratch();
  const own = await loadOrCreateKey(folder.dir);
  const other = await loadOrCreateKey(join(folder.dir, 'other'));
  const words = (
    headers: Record<string, string>,
    expected: Parameters<typeof checkSignature>[1],
  ) => {
    const result = checkSignature(lower(headers), expected);
    return result instanceof Fault ? result.message : 'accepted';
  };
  expect(words(signatureHeaders(own, 's1'), { secret: 's1' })).toBe('accepted');
  expect(words(signatureHeaders(own, 's1'), { secret: 's2' })).toBe('Invalid request signature');
  expect(words(signatureHeaders(own), { pinned: publicKeyHex(own) })).toBe('accepted');
  expect(words(signatureHeaders(other), { pinned: publicKeyHex(own) })).toBe(
    'Invalid request signature',
  );
  expect(words({}, {})).toBe('Missing request signature headers');
  const stolen = { ...signatureHeaders(other), 'X-PortainerAgent-PublicKey': publicKeyHex(own) };
  expect(words(stolen, {})).toBe('Invalid request signature');
  const junk = { ...signatureHeaders(own), 'X-PortainerAgent-PublicKey': 'zz'.repeat(5000) };
  expect(words(junk, {})).toBe('Invalid request signature');
});

test('the first certificate is kept, another one refused with its fingerprint', () => {
  const seen: string[] = [];
  const check = checkPin({ subject: 'The agent', onFirst: (print) => seen.push(print) });
  expect(check(Buffer.from('first'))).toBeUndefined();
  expect(check(Buffer.from('first'))).toBeUndefined();
  const refusal = check(Buffer.from('second'));
  expect(refusal).toBeInstanceOf(Fault);
  expect(refusal?.details).toContain(fingerprintOf(Buffer.from('second')));
  expect(seen).toEqual([fingerprintOf(Buffer.from('first'))]);
  expect(checkPin({ subject: 'It' })(Buffer.from('x'))?.message).toContain('nobody has accepted');
});
