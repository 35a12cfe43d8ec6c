import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  checkSignature,
  PUBLIC_KEY_HEADER,
  publicKeyHex,
  SIGNATURE_HEADER,
  signatureHeaders,
} from '../../src/link/signature.ts';
import { Fault } from '../../src/protocol/fault.ts';

function keyOn(namedCurve: string) {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** As node:http hands headers to an agent. */
function received(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]));
}

const key = keyOn('P-256');

test('the form in which Portainer sends them', () => {
  const headers = signatureHeaders(key);
  expect(headers[PUBLIC_KEY_HEADER]).toMatch(
    /^3059301306072a8648ce3d020106082a8648ce3d030107034200[0-9a-f]{130}$/,
  );
  const signature = headers[SIGNATURE_HEADER] ?? '';
  expect(signature).toMatch(/^[A-Za-z0-9+/]{86}$/);
  const [publicKey, raw] = [createPublicKey(key), Buffer.from(signature, 'base64')];
  const spoken = Buffer.from('Portainer-App');
  expect(verify('md5', spoken, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
});

test('the key that proved itself, with and without a secret', () => {
  const hex = publicKeyHex(key);
  expect(checkSignature(received(signatureHeaders(key)), {})).toBe(hex);
  const secret = 'open sesame';
  const withSecret = received(signatureHeaders(key, secret));
  expect(checkSignature(withSecret, { secret })).toBe(hex);
  expect(checkSignature(withSecret, {})).toBeInstanceOf(Fault);
  expect(checkSignature(withSecret, { secret: 'other' })).toBeInstanceOf(Fault);
});

test('only the pinned key counts, whatever the header says', () => {
  const [mine, other] = [received(signatureHeaders(key)), keyOn('P-256')];
  const named = {
    ...received(signatureHeaders(other)),
    [PUBLIC_KEY_HEADER.toLowerCase()]: publicKeyHex(key),
  };
  expect(checkSignature(mine, { pinned: publicKeyHex(key) })).toBe(publicKeyHex(key));
  expect(checkSignature(mine, { pinned: publicKeyHex(other) })).toBeInstanceOf(Fault);
  expect(checkSignature(named, { pinned: publicKeyHex(key) })).toBeInstanceOf(Fault);
});

test.each([
  ['no headers', {}, 'Missing request signature headers'],
  ['no key', { 'x-portaineragent-signature': 'A'.repeat(86) }, 'Missing request signature headers'],
  ['another curve', received(signatureHeaders(keyOn('P-384'))), 'Invalid request signature'],
  [
    'no key at all',
    { 'x-portaineragent-publickey': '00ff', 'x-portaineragent-signature': 'A'.repeat(86) },
    'Invalid request signature',
  ],
])('%s', (_, headers, message) => {
  expect(checkSignature(headers, {})).toMatchObject({ message, details: 'Unauthorized' });
});
