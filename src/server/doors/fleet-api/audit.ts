/** GET /api/fleet/audit: pages of the audit trail, the newest first, narrowed by who, what, where and since when. */
import type { AuditPage, AuditRecord } from '../../../protocol/audit.ts';
import { type AuditNarrowing, isNarrowed } from '../../../protocol/audit-narrowing.ts';
import { Fault } from '../../../protocol/fault.ts';
import type { Audit } from '../../fleet/audit.ts';
import { ok } from '../answer.ts';
import { type Exchange, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const MAX_PAGE = 1_000;
/** Rows that one call looks at: a rare name costs several calls, never a long one. */
const MAX_LOOKED_AT = 20_000;

function countOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Fault('bad-request', `${name} must be a whole number above 0.`);
}

function narrowingOf(query: URLSearchParams): AuditNarrowing {
  const user = query.get('user') ?? undefined;
  const action = query.get('action') ?? undefined;
  const environmentId = countOf(query, 'environment');
  const sinceMs = countOf(query, 'since');
  return {
    ...(user && { user }),
    ...(action && { action }),
    ...(environmentId && { environmentId }),
    ...(sinceMs && { sinceMs }),
  };
}

async function pageOf(
  audit: Audit,
  narrowing: AuditNarrowing,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<AuditPage> {
  const found: AuditRecord[] = [];
  let at = before;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += MAX_PAGE) {
    const rows = await audit.list(at, MAX_PAGE);
    for (const row of rows) {
      at = row.sequence;
      const isTooOld = row.atMs < (narrowing.sinceMs ?? 0);
      if (isTooOld) return { rows: found, older: null, length: audit.length };
      if (isNarrowed(narrowing, row)) found.push(row);
      if (found.length >= limit) break;
    }
    if (at <= 1 || rows.length === 0) return { rows: found, older: null, length: audit.length };
    if (found.length >= limit) break;
  }
  return { rows: found, older: at, length: audit.length };
}

/** Administrators only; `limit` at most 1,000, `before` the `older` of the page before. */
export function auditRoutes({ audit }: Services): Route[] {
  const list = async ({ query }: Exchange) => {
    const before = countOf(query, 'before') ?? Number.MAX_SAFE_INTEGER;
    const limit = Math.min(MAX_PAGE, countOf(query, 'limit') ?? 200);
    return ok(await pageOf(audit, narrowingOf(query), { before, limit }));
  };
  return [route('GET', '/api/fleet/audit', list, 'administrator')];
}
