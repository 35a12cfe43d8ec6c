/** The audit screen: what the server answers for it, what its keys can mean, what it is asked for. */
import type { AuditPage, AuditRecord, AuditVerdict } from '../../protocol/audit.ts';
import type { AuditNarrowing } from '../../protocol/audit-narrowing.ts';

/** As OutsideEvent. */
export type AuditEvent =
  | {
      readonly kind: 'audit-read';
      readonly requestId: number;
      readonly answer: AuditPage | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'audit-verified';
      readonly answer: AuditVerdict | { readonly why: string };
      readonly atMs: number;
    };

/** As Intent. */
export type AuditIntent =
  | { readonly kind: 'open-audit'; readonly filterText: string }
  | { readonly kind: 'open-audit-row'; readonly record: AuditRecord }
  | { readonly kind: 'verify-trail' };

/** As Effect. */
export type AuditEffect =
  | {
      readonly kind: 'fetch-audit';
      readonly requestId: number;
      readonly narrowing: AuditNarrowing;
      readonly before: number | undefined;
    }
  | { readonly kind: 'verify-audit' }
  | { readonly kind: 'stop-audit' };
