/** A row of the audit trail as a syslog message: RFC 5424, framed by octet counting (RFC 6587 3.4.1, RFC 5425 4.3). */
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { AuditRow } from '../store/store.ts';
import { auditJson } from './audit-line.ts';

/** RFC 5424 table 1: log audit. */
const FACILITY = 13;
const WARNING = 4;
const NOTICE = 5;
const REFUSED_FROM = 400;
/** `sequenceId` counts from 1 and starts again after this (RFC 5424 7.3.1). */
const MOST_SEQUENCE = 2_147_483_647;
const NOTHING = '-';

/** Printable ASCII without blanks, at most so many characters; a hyphen where nothing is left. */
function headerField(text: string, most: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, most) || NOTHING;
}

export interface SyslogSource {
  readonly hostname: string;
  readonly pid: number;
}

/** The whole frame. The message is the row as JSON; `meta sequenceId` is its number, so that a receiver can tell what came twice. */
export function syslogFrame(row: AuditRow, { hostname, pid }: SyslogSource): Buffer {
  const { action, status } = JSON.parse(row.entry) as { action: string; status: number | null };
  const severity = (status ?? 0) >= REFUSED_FROM ? WARNING : NOTICE;
  const header = [
    `<${FACILITY * 8 + severity}>1`,
    new Date(row.atMs).toISOString(),
    headerField(hostname, 255),
    'fleet-server',
    String(pid),
    headerField(action, 32),
  ].join(' ');
  const sequence = ((row.sequence - 1) % MOST_SEQUENCE) + 1;
  const origin = `[origin software="fleet-server" swVersion="${PRODUCT_VERSION}"]`;
  const data = `[meta sequenceId="${sequence}"]${origin}`;
  const message = Buffer.from(`${header} ${data} \u{feff}${auditJson(row)}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}
