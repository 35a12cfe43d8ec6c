/**
 * Proof that a peer knows the join secret (EDGE_ID or AGENT_SECRET), bound to one connection by its TLS exporter: it can
 * be neither replayed nor relayed, and who sees it learns nothing about the secret.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export type LinkSide = 'server' | 'agent';

/** What a server keeps in place of the secret: 32 bytes from which the secret can't be had back. */
export function joinKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'fleet-link', 'join secret', 32));
}

/** Base64 of 32 bytes that only a holder of the key can make for this connection and this side of it. */
export function joinProof(key: Buffer, exporter: Buffer, side: LinkSide): string {
  return createHmac('sha256', key).update(exporter).update(side).digest('base64');
}

/** Whether `proof` was made with `key` for this very connection by that side; false for anything malformed. */
export function provesJoin(proof: unknown, key: Buffer, exporter: Buffer, side: LinkSide): boolean {
  if (typeof proof !== 'string') return false;
  const given = Buffer.from(proof, 'base64');
  const expected = Buffer.from(joinProof(key, exporter, side), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
