/** The audit screen: a line for each row of the trail, and one row with everything in it. */
import type { AuditRecord } from '../../protocol/audit.ts';
import { formatAge, formatCount } from '../format/amounts.ts';
import { formatExactMoment, formatMoment } from '../format/clock.ts';
import { printable } from '../format/width.ts';
import { placeOf } from '../model/audit-filter.ts';
import { type AuditScreen, auditRows, MOST_ROWS } from '../model/audit-view.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, plainLine, rightCell, type Segment, span } from './cells.ts';
import { type Fact, factLines } from './details.ts';
import type { Area, Line, StyleName } from './view.ts';

const RESULT_WIDTH = 6;
const ACTION_WIDTH = 9;

interface Columns {
  readonly time: number;
  readonly user: number;
  readonly place: number;
  readonly path: number;
}

/** A narrow screen tells no year. */
function columnsOf(width: number): Columns {
  const isWide = width >= 110;
  const [time, user, place] = isWide ? [19, 16, 14] : [14, 9, 9];
  const path = width - time - RESULT_WIDTH - ACTION_WIDTH - user - place - 12;
  return { time, user, place, path: Math.max(8, path) };
}

/** The visible rows under their heads; why the last question failed stands above them. */
export function auditLines(state: AppState, screen: AuditScreen, area: Area): readonly Line[] {
  const { why, rows: read, cursor } = screen;
  const trouble = why === undefined ? [] : [plainLine(` ${printable(why)}`, 'error')];
  if (read === undefined) {
    return why === undefined ? [plainLine(' asking the server …', 'pending')] : trouble;
  }
  const rows = auditRows(screen, shownFleet(state));
  const columns = columnsOf(area.width);
  if (rows.length === 0) return [...trouble, headLine(columns), ...emptyLines(screen)];
  const shown = rows.slice(cursor.top, cursor.top + area.height - 1);
  return [
    ...trouble,
    headLine(columns),
    ...shown.map((row) => rowLine(state, row, columns, row.sequence === cursor.selected)),
  ];
}

function emptyLines({ filterText, asking, older }: AuditScreen): readonly Line[] {
  if (asking !== undefined || older !== null)
    return [plainLine('   looking further back …', 'pending')];
  const words = filterText === '' ? 'The trail has no rows yet' : `No row matches ${filterText}`;
  const hint = filterText === '' ? [] : [plainLine('   esc clears the filter', 'dim')];
  return [plainLine(''), plainLine(`   ${printable(words)}`, 'plain'), ...hint];
}

function headLine({ time, user, place, path }: Columns): Line {
  const head = (text: string, width: number) => cell(text, width, 'head');
  const spans = [
    head('  WHEN', time + 2),
    head('', 2),
    head('WHO', user + 2),
    head('ACTION', ACTION_WIDTH + 2),
    head('WHERE', place + 2),
    rightCell('ENDED', RESULT_WIDTH, 'head'),
    head('  CALL', path + 2),
  ];
  return { spans, fill: 'head' };
}

function rowLine(state: AppState, row: AuditRecord, columns: Columns, isSelected: boolean): Line {
  const look = (style: StyleName) => (isSelected ? undefined : style);
  const spans = [
    span(isSelected ? '> ' : '  '),
    cell(formatMoment(row.atMs).slice(-columns.time), columns.time, look('dim')),
    span('  '),
    nameCell(row.user === '' ? '-' : row.user, columns.user, look('plain')),
    span('  '),
    cell(row.action, ACTION_WIDTH, look('accent')),
    span('  '),
    nameCell(placeOf(shownFleet(state), row) || 'server', columns.place, look('dim')),
    span('  '),
    rightCell(endWords(row), RESULT_WIDTH, look(endStyle(row))),
    span('  '),
    cell(`${row.method} ${shortPath(row)}`, columns.path, look('plain')),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

/** Where the call says which environment it is for, the row has said so already. */
function shortPath({ path }: AuditRecord): string {
  return path.replace(/^\/api\/endpoints\/\d+\/docker(?:\/v\d\.\d+)?(?=\/)/u, '');
}

/** `asked` is noted before a change is passed on, so that what was under way when the server died is known. */
function endWords({ phase, status }: AuditRecord): string {
  if (phase === 'asked') return 'asked';
  return status === null ? '?' : String(status);
}

function endStyle({ phase, status }: AuditRecord): StyleName {
  if (phase === 'asked') return 'dim';
  if (status === null) return 'nodata';
  return status >= 400 ? 'warning' : 'dim';
}

/** What the title says: filter, count, whether the trail is whole, age. */
export function auditSegments(state: AppState, screen: AuditScreen) {
  const { filterText, filter, rows, length, readAtMs, older } = screen;
  const left: Segment[] = [
    { text: filterText && `/${printable(filterText)}`, style: 'match', keep: 7 },
    { text: filter.why ?? '', style: 'warning', keep: 6 },
  ];
  const verdict = verdictSegment(screen);
  if (rows === undefined) return { left, right: [verdict] };
  const shown = formatCount(auditRows(screen, shownFleet(state)).length);
  const isFull = rows.length >= MOST_ROWS && older !== null;
  const right: Segment[] = [
    { text: isFull ? 'narrow the filter to see older' : '', style: 'warning', keep: 4 },
    { text: `${shown} of ${formatCount(length)}`, keep: 8 },
    verdict,
    { text: `${formatAge(Math.max(0, state.nowMs - readAtMs))} old`, style: 'dim', keep: 5 },
  ];
  return { left, right };
}

function verdictSegment({ verdict }: AuditScreen): Segment {
  if (verdict === 'asking') return { text: 'checking the chain', style: 'pending', keep: 9 };
  if (!('isSound' in verdict)) return { text: 'chain not checked', style: 'nodata', keep: 9 };
  if (verdict.isSound) return { text: 'chain whole', style: 'accent', keep: 9 };
  return { text: `CHAIN BROKEN: ${printable(verdict.why)}`, style: 'error', keep: 9 };
}

/** All lines of one row. */
export function auditRowLines(state: AppState, row: AuditRecord, width: number): readonly Line[] {
  const place = placeOf(shownFleet(state), row) || 'the server itself';
  const credential = row.credentialId === '' ? '' : `, ${row.credentialId}`;
  const facts: readonly Fact[] = [
    { name: 'row', texts: [formatCount(row.sequence)] },
    { name: 'when', texts: [formatExactMoment(row.atMs)] },
    { name: 'who', texts: [row.user === '' ? 'nobody known' : row.user] },
    { name: 'by', texts: [row.via === 'none' ? 'no credential' : `${row.via}${credential}`] },
    { name: 'from', texts: [row.address] },
    { name: 'action', texts: [row.action] },
    { name: 'where', texts: [place] },
    { name: 'call', texts: [`${row.method} ${row.path}`] },
    { name: 'phase', texts: [PHASE_WORDS[row.phase]] },
    { name: 'ended', texts: [row.status === null ? 'not known' : `status ${row.status}`] },
    { name: 'request', texts: [row.requestId] },
    { name: 'operation', texts: [row.operationId ?? 'none that a console named'] },
  ];
  return factLines(facts, width);
}

const PHASE_WORDS = {
  asked: 'asked: noted before it was passed on',
  ended: 'ended: how it went, noted when the answer came',
  done: 'done: this one row says all',
} as const;
