/** A certificate fingerprint as a person pastes it: from our own sentences, from openssl, from a browser. */
import { Fault } from '../protocol/fault.ts';

/** 32 hex pairs in any case, with or without colons and an algorithm before them; comes back as link/pin.ts writes it. */
export function parseFingerprint(text: string): string {
  const hex = text
    .trim()
    .replace(/^sha-?256(\s+fingerprint)?\s*[:=]\s*/i, '')
    .replaceAll(/[:\s]/g, '')
    .toUpperCase();
  const pairs = /^[0-9A-F]{64}$/.test(hex) ? hex.match(/../g) : null;
  if (pairs) return pairs.join(':');
  throw new Fault(
    'bad-settings',
    'A certificate fingerprint is 32 pairs of hex digits joined by colons (SHA-256); copy it whole.',
  );
}
