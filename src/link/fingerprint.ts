/**
 * A link key's fingerprint: base64 (padded, 44 characters) of SHA-256 over the key's SSH wire form (RFC 5656 section 3.1),
 * so that the same key can be an SSH host key for genuine Portainer edge agents and one EDGE_KEY serves both.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { Fault } from '../protocol/fault.ts';

/** Works on public and private P-256 keys; throws Fault bad-peer on any other kind of key. */
export function linkFingerprint(key: KeyObject): string {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || !x || !y) {
    throw new Fault('bad-peer', 'The key of the peer is not an ECDSA P-256 key.');
  }
  const point = Buffer.concat([Buffer.of(4), coordinate(x), coordinate(y)]);
  const blob = [Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), point].flatMap(sized);
  return createHash('sha256').update(Buffer.concat(blob)).digest('base64');
}

function coordinate(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]);
}

function sized(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
