/** Which rows of the audit trail are wanted; the schemas of audit.ts are not loaded for it. */
import type { AuditRecord } from './audit.ts';

/** What rows must be to be told; what is absent is not asked for. */
export interface AuditNarrowing {
  /** Part of a name, whatever the case. */
  readonly user?: string;
  /** The beginning of an action. */
  readonly action?: string;
  readonly environmentId?: number;
  readonly sinceMs?: number;
}

/** Whether a row is among them. */
export function isNarrowed(narrowing: AuditNarrowing, row: AuditRecord): boolean {
  const { user, action, environmentId, sinceMs } = narrowing;
  return (
    (user === undefined || row.user.toLowerCase().includes(user.toLowerCase())) &&
    (action === undefined || row.action.startsWith(action)) &&
    (environmentId === undefined || row.environmentId === environmentId) &&
    (sinceMs === undefined || row.atMs >= sinceMs)
  );
}
