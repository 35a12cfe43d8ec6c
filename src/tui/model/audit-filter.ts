/**
 * The filter of the audit screen: the grammar of the lists, with `user:`, `action:`, `env:` and `since:` for what only rows of the
 * trail have. What the server can leave out itself it is asked to.
 */
import type { AuditRecord } from '../../protocol/audit.ts';
import { type AuditNarrowing, isNarrowed } from '../../protocol/audit-narrowing.ts';
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import { environmentName, type LiveFleet } from './live-fleet.ts';
import { parseMoment } from './log-range.ts';

interface Term {
  readonly name: string;
  readonly value: string;
  readonly isNot: boolean;
  /** What `since` means, as of when it was typed. */
  readonly atMs?: number;
}

export interface AuditFilter {
  /** What was understood last; what is being typed may not be. */
  readonly rest: Filter;
  readonly terms: readonly Term[];
  /** Why the text can't be used as it stands; undefined when it can. */
  readonly why: string | undefined;
}

export const NO_AUDIT_FILTER: AuditFilter = { rest: EVERYTHING, terms: [], why: undefined };

const TERM = /(^|\s)(!?)(user|action|env|host|status|since):("[^"]*"?|\S*)/giu;

/** The filter that a text means; with `why` and the parts that make sense where some don't. */
export function parseAuditFilter(text: string, nowMs: number): AuditFilter {
  const terms: Term[] = [];
  const rest = text.replaceAll(TERM, (_all, _blank, not, name: string, value: string) => {
    terms.push({
      name: name.toLowerCase(),
      value: value.replaceAll('"', ''),
      isNot: not === '!',
    });
    return ' ';
  });
  const parsed = parseFilter(rest);
  const filter = parsed.kind === 'ok' ? parsed.filter : EVERYTHING;
  let why = parsed.kind === 'ok' ? undefined : parsed.why;
  const good = terms.flatMap((term): readonly Term[] => {
    if (term.value === '' || term.name !== 'since') return term.value === '' ? [] : [term];
    const atMs = parseMoment(term.value, nowMs);
    if (typeof atMs === 'number') return [{ ...term, atMs }];
    why = `since: ${atMs.why}`;
    return [];
  });
  return { rest: filter, terms: good, why };
}

/** What the server is asked to leave out already: the first positive term of each kind. */
export function narrowingOf(filter: AuditFilter, fleet: LiveFleet): AuditNarrowing {
  const first = (...names: string[]) =>
    filter.terms.find(({ name, isNot }) => !isNot && names.includes(name));
  const user = first('user')?.value;
  const action = first('action')?.value;
  const env = first('env', 'host')?.value;
  const sinceMs = first('since')?.atMs;
  const environmentId = env === undefined ? undefined : idOf(fleet, env);
  return {
    ...(user !== undefined && { user }),
    ...(action !== undefined && { action }),
    ...(environmentId !== undefined && { environmentId }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
}

/** Only where the word can mean one environment alone. */
function idOf(fleet: LiveFleet, word: string): number | undefined {
  const found = [...fleet.environments.values()].filter(({ name }) =>
    name.toLowerCase().includes(word.toLowerCase()),
  );
  return found.length === 1 ? found[0]?.id : undefined;
}

/** The environment of a row as people know it; empty for what concerns the server itself. */
export function placeOf(fleet: LiveFleet, { environmentId }: AuditRecord): string {
  return environmentId === null ? '' : environmentName(fleet, environmentId);
}

/** Whether a row is to be shown. */
export function passesAudit(filter: AuditFilter, row: AuditRecord, fleet: LiveFleet): boolean {
  const place = placeOf(fleet, row);
  if (!filter.terms.every((term) => term.isNot !== has(row, place, term))) return false;
  const fields = [row.user, row.action, row.method, row.path, row.address, place];
  const facets = { name: row.path, host: place, image: '', state: '', labels: {}, tags: [] };
  return passes(filter.rest, fields, facets);
}

function has(row: AuditRecord, place: string, { name, value, atMs = 0 }: Term): boolean {
  switch (name) {
    case 'user':
      return isNarrowed({ user: value }, row);
    case 'action':
      return isNarrowed({ action: value }, row);
    case 'status':
      return String(row.status ?? row.phase).startsWith(value);
    case 'since':
      return row.atMs >= atMs;
    default:
      return place.toLowerCase().includes(value.toLowerCase());
  }
}
