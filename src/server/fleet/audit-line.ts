/** A row of the audit trail as it leaves the server: one JSON object, or one line of a table. */
import type { AuditRow } from '../store/store.ts';

const COLUMNS = [
  ...['phase', 'requestId', 'user', 'userId', 'via', 'credentialId', 'address'],
  ...['action', 'method', 'path', 'environmentId', 'operationId', 'status'],
] as const;

/** The names of the cells of `auditCsv`. */
export const AUDIT_CSV_HEAD = ['sequence', 'at', ...COLUMNS, 'hash'].join(',');

const at = ({ atMs }: AuditRow): string => new Date(atMs).toISOString();

/** All that is known, `at` in RFC 3339, the hash last. */
export function auditJson(row: AuditRow): string {
  const { sequence, entry, hash } = row;
  const fields = JSON.parse(entry) as Record<string, unknown>;
  return JSON.stringify({ sequence, at: at(row), ...fields, hash });
}

/** RFC 4180; a cell that a spreadsheet would take for a formula gets a quote before it. */
function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The row under `AUDIT_CSV_HEAD`. */
export function auditCsv(row: AuditRow): string {
  const fields = JSON.parse(row.entry) as Record<string, unknown>;
  const cells = [row.sequence, at(row), ...COLUMNS.map((column) => fields[column]), row.hash];
  return cells.map(csvCell).join(',');
}
