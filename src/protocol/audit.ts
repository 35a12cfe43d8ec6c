/** The audit trail as it is read: its rows, a page of them, and whether it is whole. */
import { z } from 'zod';

export const auditRecordSchema = z.object({
  /** From 1 on, without a gap. */
  sequence: z.number(),
  atMs: z.number(),
  /** `asked` before a change, `ended` after it; `done` when one row says all. */
  phase: z.enum(['asked', 'ended', 'done']),
  /** The same in `asked` and `ended`. */
  requestId: z.string(),
  user: z.string(),
  /** Null where nobody was recognised, such as a failed sign-in. */
  userId: z.number().nullable(),
  via: z.string(),
  /** Names the token or API key; not the key itself. */
  credentialId: z.string(),
  address: z.string(),
  /** An action of docs/permissions.md, `sign-in`, or `manage` for what concerns the server itself. */
  action: z.string(),
  method: z.string(),
  path: z.string(),
  environmentId: z.number().nullable(),
  /** Of the operation that a console named. */
  operationId: z.string().nullable(),
  /** HTTP status of the answer; null while nobody knows. */
  status: z.number().nullable(),
});

export const auditPageSchema = z.object({
  /** The newest first. */
  rows: z.array(auditRecordSchema).max(10_000),
  /** What `before` goes on from; null when the beginning was reached, or `since`. */
  older: z.number().nullable(),
  /** Of the whole trail. */
  length: z.number(),
});

export const auditVerdictSchema = z.discriminatedUnion('isSound', [
  z.object({ isSound: z.literal(true), rows: z.number() }),
  z.object({ isSound: z.literal(false), why: z.string() }),
]);

export type AuditRecord = Readonly<z.infer<typeof auditRecordSchema>>;
export type AuditPage = Readonly<z.infer<typeof auditPageSchema>>;
export type AuditVerdict = Readonly<z.infer<typeof auditVerdictSchema>>;
