/**
 * What makes the audit trail show every later change: each row's hash covers the row and the hash before it, and the last
 * one is signed by the server's key together with its number, so that rows can't be taken off the end unseen either.
 */
import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { AuditRow, AuditStore } from '../store/store.ts';

/** Stands before the first row. */
export const NO_HASH = '0'.repeat(64);

const PAGE = 1_000;

const headSchema = z.object({ sequence: z.int(), hash: z.string(), signature: z.string() });

/** SHA-256 of a row and the hash before it, in hex. */
export function hashOf(before: string, row: Omit<AuditRow, 'hash'>): string {
  const text = JSON.stringify([before, row.sequence, row.atMs, row.entry]);
  return createHash('sha256').update(text).digest('hex');
}

const signedText = (sequence: number, hash: string): Buffer =>
  Buffer.from(`fleet-audit ${sequence} ${hash}`);

/** The head after a row, as the store keeps it. */
export function signedHead(key: KeyObject, { sequence, hash }: AuditRow): string {
  const signature = sign('sha256', signedText(sequence, hash), key).toString('base64');
  return JSON.stringify({ sequence, hash, signature });
}

export type Verdict =
  | { readonly isSound: true; readonly rows: number }
  /** `why` is a sentence that names the first row at fault. */
  | { readonly isSound: false; readonly why: string };

const unsound = (why: string): Verdict => ({ isSound: false, why });

/** Checks the whole trail against its head; `publicKey` is the server's. */
export async function verifyTrail(trail: AuditStore, publicKey: KeyObject): Promise<Verdict> {
  let hash = NO_HASH;
  let sequence = 0;
  for (;;) {
    const page = await trail.after(sequence, PAGE);
    for (const row of page) {
      if (row.sequence !== sequence + 1) return unsound(`Row ${sequence + 1} is missing.`);
      hash = hashOf(hash, row);
      if (hash !== row.hash) return unsound(`Row ${row.sequence} or one before it was changed.`);
      sequence = row.sequence;
    }
    if (page.length < PAGE) break;
  }
  return verifyHead(await trail.head(), { sequence, hash }, publicKey);
}

function verifyHead(
  text: string | undefined,
  last: { readonly sequence: number; readonly hash: string },
  publicKey: KeyObject,
): Verdict {
  if (text === undefined) {
    return last.sequence === 0
      ? { isSound: true, rows: 0 }
      : unsound('The signed head is missing.');
  }
  const head = headSchema.safeParse(parse(text));
  if (!head.success) return unsound('The signed head can not be read.');
  const { sequence, hash, signature } = head.data;
  const bytes = Buffer.from(signature, 'base64');
  if (!verify('sha256', signedText(sequence, hash), publicKey, bytes)) {
    return unsound("The head was not signed with this server's key.");
  }
  if (sequence > last.sequence) return unsound(`Rows from ${last.sequence + 1} on are missing.`);
  if (sequence < last.sequence)
    return unsound(`Rows from ${sequence + 1} on were added by others.`);
  if (hash !== last.hash) return unsound(`Row ${sequence} or one before it was changed.`);
  return { isSound: true, rows: sequence };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
