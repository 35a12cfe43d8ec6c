/** The audit trail of a server (GET /api/fleet/audit and …/verify), for administrators. */
import {
  type AuditPage,
  type AuditVerdict,
  auditPageSchema,
  auditVerdictSchema,
} from '../protocol/audit.ts';
import type { AuditNarrowing } from '../protocol/audit-narrowing.ts';
import { callServer, jsonOf } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';

export interface AuditWish {
  readonly narrowing: AuditNarrowing;
  /** Of the page before; the newest rows without it. */
  readonly before: number | undefined;
}

const PAGE = 200;
/** A long trail takes a while to check. */
const VERIFY_DEADLINE_MS = 120_000;

/** A page of it; Fault with the server's own words when it refuses. */
export async function fetchAudit(
  { reach, headers }: ServerSession,
  { narrowing, before }: AuditWish,
): Promise<AuditPage> {
  const { user, action, environmentId, sinceMs } = narrowing;
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== undefined) query.set('before', String(before));
  if (user !== undefined) query.set('user', user);
  if (action !== undefined) query.set('action', action);
  if (environmentId !== undefined) query.set('environment', String(environmentId));
  if (sinceMs !== undefined) query.set('since', String(Math.max(1, Math.floor(sinceMs))));
  const path = `/api/fleet/audit?${query}`;
  const answer = await callServer(reach, { method: 'GET', path, headers });
  if (answer.status !== 200) throw refused(reach, 'tell the audit trail', answer);
  const parsed = auditPageSchema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw strange(reach, 'the audit trail', parsed.error);
}

/** Whether it is whole, as the server finds it on its disk now. */
export async function verifyAudit({ reach, headers }: ServerSession): Promise<AuditVerdict> {
  const path = '/api/fleet/audit/verify';
  const patient = { ...reach, deadlineMs: VERIFY_DEADLINE_MS };
  const answer = await callServer(patient, { method: 'GET', path, headers });
  if (answer.status !== 200) throw refused(reach, 'check the audit trail', answer);
  const parsed = auditVerdictSchema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw strange(reach, 'whether its audit trail is whole', parsed.error);
}
