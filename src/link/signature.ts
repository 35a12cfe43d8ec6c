/**
 * Portainer's agent signature: ECDSA P-256 over the MD5 of a constant (or of AGENT_SECRET, which replaces it). It binds
 * nothing of the request and can be replayed; it stays for compatibility, the link is what is trusted.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Fault } from '../protocol/fault.ts';

export const PUBLIC_KEY_HEADER = 'X-PortainerAgent-PublicKey';
export const SIGNATURE_HEADER = 'X-PortainerAgent-Signature';

const MESSAGE = 'Portainer-App';
/** Unpadded base64 of r and s, 32 bytes each. */
const SIGNATURE_FORM = /^[A-Za-z0-9+/]{86}$/;
const KEY_HEX_LIMIT = 1024;

/** The two headers of one request; the public key as hex of its SPKI DER, the signature as unpadded base64 of r and s. */
export function signatureHeaders(key: KeyObject, secret?: string): Record<string, string> {
  const signature = sign('md5', Buffer.from(secret || MESSAGE), {
    key,
    dsaEncoding: 'ieee-p1363',
  });
  return {
    [PUBLIC_KEY_HEADER]: publicKeyHex(key),
    [SIGNATURE_HEADER]: signature.toString('base64').replace(/=+$/, ''),
  };
}

/** The form in which a public key travels and is kept: lower-case hex of its SPKI DER. */
export function publicKeyHex(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
}

/** What an agent needs of a request: header names in lower case, as node:http gives them. */
export type SignedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The public key (hex) that proved itself, or a Fault forbidden in Portainer's own words. With `pinned`, the key in the
 * header must be there but only the pinned one counts; with `secret`, any key that signs the secret is good.
 */
export function checkSignature(
  headers: SignedHeaders,
  expected: { readonly secret?: string; readonly pinned?: string },
): string | Fault {
  const offered = headers[PUBLIC_KEY_HEADER.toLowerCase()];
  const signature = headers[SIGNATURE_HEADER.toLowerCase()];
  if (typeof offered !== 'string' || typeof signature !== 'string' || !offered || !signature) {
    return new Fault('forbidden', 'Missing request signature headers', { details: 'Unauthorized' });
  }
  const keyHex = expected.pinned ?? offered;
  const proved = SIGNATURE_FORM.test(signature) && isSignedBy(keyHex, signature, expected.secret);
  if (proved) return keyHex.toLowerCase();
  return new Fault('forbidden', 'Invalid request signature', { details: 'Unauthorized' });
}

function isSignedBy(keyHex: string, signature: string, secret: string | undefined): boolean {
  if (keyHex.length > KEY_HEX_LIMIT || !/^([0-9a-f]{2})+$/i.test(keyHex)) return false;
  try {
    const key = publicKeyOf(keyHex);
    if (!key) return false;
    const raw = Buffer.from(signature, 'base64');
    return verify('md5', Buffer.from(secret || MESSAGE), { key, dsaEncoding: 'ieee-p1363' }, raw);
  } catch {
    return false;
  }
}

/** Reading a key costs more than checking a signature with it, and an agent sees the same few again and again. */
const readKeys = new Map<string, KeyObject>();
const READ_KEYS_LIMIT = 16;

/** Undefined for another curve; throws when it is no key. */
function publicKeyOf(keyHex: string): KeyObject | undefined {
  const read = readKeys.get(keyHex);
  if (read) return read;
  const key = createPublicKey({ key: Buffer.from(keyHex, 'hex'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  if (readKeys.size >= READ_KEYS_LIMIT) readKeys.clear();
  readKeys.set(keyHex, key);
  return key;
}
