/** The audit screen: the newest rows of the server's trail, older ones as somebody scrolls, and whether the trail is whole. */
import type { AuditPage, AuditRecord, AuditVerdict } from '../../protocol/audit.ts';
import type { AuditNarrowing } from '../../protocol/audit-narrowing.ts';
import { type AuditFilter, NO_AUDIT_FILTER, passesAudit } from './audit-filter.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';
import type { LiveFleet } from './live-fleet.ts';

export interface AuditScreen {
  readonly kind: 'audit';
  readonly filterText: string;
  readonly filter: AuditFilter;
  /** What the rows were asked for by. */
  readonly narrowing: AuditNarrowing;
  /** The newest first; undefined until the first answer. */
  readonly rows: readonly AuditRecord[] | undefined;
  /** What older rows are asked for with; null when there are none. */
  readonly older: number | null;
  /** Of the whole trail. */
  readonly length: number;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly asking: 'newest' | 'older' | undefined;
  readonly askedAtMs: number;
  readonly readAtMs: number;
  /** Why the last question failed, as a sentence. */
  readonly why: string | undefined;
  readonly verdict: AuditVerdict | { readonly why: string } | 'asking';
  readonly cursor: Cursor<number>;
}

/** One row of the trail with everything in it. */
export interface AuditRowScreen {
  readonly kind: 'audit-row';
  readonly record: AuditRecord;
  readonly top: number;
}

export const AUDIT_REFRESH_MS = 5_000;
/** More than that is looked for with a narrower filter, or in an export of the server. */
export const MOST_ROWS = 10_000;

/** The screen as it opens. */
export function freshAudit(): AuditScreen {
  return {
    kind: 'audit',
    filterText: '',
    filter: NO_AUDIT_FILTER,
    narrowing: {},
    rows: undefined,
    older: null,
    length: 0,
    requestId: 0,
    asking: undefined,
    askedAtMs: Number.NEGATIVE_INFINITY,
    readAtMs: 0,
    why: undefined,
    verdict: 'asking',
    cursor: FRESH_CURSOR,
  };
}

const NONE: readonly AuditRecord[] = [];
const shown = new WeakMap<
  readonly AuditRecord[],
  {
    readonly filter: AuditFilter;
    readonly fleet: LiveFleet['environments'];
    rows: readonly AuditRecord[];
  }
>();

/** The rows that the filter leaves. */
export function auditRows({ rows, filter }: AuditScreen, fleet: LiveFleet): readonly AuditRecord[] {
  if (rows === undefined) return NONE;
  const known = shown.get(rows);
  if (known?.filter === filter && known.fleet === fleet.environments) return known.rows;
  const found = rows.filter((row) => passesAudit(filter, row, fleet));
  shown.set(rows, { filter, fleet: fleet.environments, rows: found });
  return found;
}

/** The screen with a page of the newest rows: put before those it has, or instead of them where rows between are missing. */
export function withNewest(screen: AuditScreen, page: AuditPage): AuditScreen {
  const { rows = NONE, older } = screen;
  const newest = rows[0]?.sequence;
  const meets =
    newest !== undefined && (page.older === null || page.older <= newest) && page.rows.length > 0;
  if (!meets) return { ...screen, rows: page.rows, older: page.older, length: page.length };
  const fresh = page.rows.filter(({ sequence }) => sequence > newest);
  const all = fresh.length === 0 ? rows : [...fresh, ...rows];
  const kept = all.length > MOST_ROWS ? all.slice(0, MOST_ROWS) : all;
  const end = kept === all ? older : (kept.at(-1)?.sequence ?? null);
  return { ...screen, rows: kept, older: end, length: page.length };
}

/** The screen with a page of older rows behind those it has. */
export function withOlder(screen: AuditScreen, page: AuditPage): AuditScreen {
  const rows = [...(screen.rows ?? NONE), ...page.rows];
  return { ...screen, rows, older: page.older, length: page.length };
}
