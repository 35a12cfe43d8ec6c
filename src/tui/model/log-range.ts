/** How much of the past a log view asks for, and the words by which a person says it: `15m`, `12:30`, `12:00..13:00`. */

export type LogRange =
  /** Its last lines. */
  | { readonly kind: 'tail' }
  /** Those of the last so many milliseconds. */
  | { readonly kind: 'last'; readonly ms: number }
  /** Its first lines. */
  | { readonly kind: 'head' }
  /** From a moment on, and to another where there is one; times of this machine's clock. */
  | { readonly kind: 'stretch'; readonly fromMs: number; readonly toMs: number | undefined }
  /** The lines before the container's last start, on its host's clock; undefined until that is known. */
  | { readonly kind: 'before'; readonly toMs: number | undefined };

/** Whether a reader of this range begins at its first line, not at its last. */
export function isReadForward(range: LogRange): boolean {
  return range.kind === 'head' || range.kind === 'stretch';
}

export interface Misread {
  readonly why: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
const DAY_MS = 864e5;

const MOMENT =
  /^(?:(?<day>\d{4}-\d\d-\d\d)(?:[ T]+|$))?(?:(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<milli>\d{1,3})\d*)?)?)?(?<zone>Z)?$/u;

const HELP = 'write 15m, 2h, 12:30, 2026-11-27 12:00 or 12:00..13:00';

/** What a person typed as a range; a time without a day is the last such time before now. */
export function parseRange(text: string, nowMs: number): LogRange | Misread {
  const typed = text.trim();
  const ms = readSpan(typed);
  if (ms !== undefined) return { kind: 'last', ms };
  const [from = '', to, more] = typed.split('..').map((part) => part.trim());
  const fromMs = parseMoment(from, nowMs);
  if (typeof fromMs !== 'number' || more !== undefined) return { why: HELP };
  if (to === undefined || to === '') return { kind: 'stretch', fromMs, toMs: undefined };
  const toMs = endMoment(to, fromMs, nowMs);
  if (typeof toMs !== 'number') return toMs;
  if (toMs <= fromMs) return { why: 'the end lies before the beginning' };
  return { kind: 'stretch', fromMs, toMs };
}

/** What a person typed as a moment, in ms; `15m` means so long ago. */
export function parseMoment(text: string, nowMs: number): number | Misread {
  const ago = readSpan(text.trim());
  if (ago !== undefined) return nowMs - ago;
  const atMs = readMoment(text.trim(), nowMs);
  if (atMs === undefined) return { why: 'write 12:30, 12:30:05, 2026-11-27 12:00 or 15m' };
  return /^\d{4}-/u.test(text.trim()) || atMs <= nowMs ? atMs : dayBefore(atMs);
}

/** The end of a range: without a day of its own, the first such time after its beginning. */
function endMoment(text: string, fromMs: number, nowMs: number): number | Misread {
  const span = readSpan(text);
  if (span !== undefined) return fromMs + span;
  const atMs = readMoment(text, text.includes('-') ? nowMs : fromMs);
  if (atMs === undefined) return { why: HELP };
  return !text.includes('-') && atMs <= fromMs ? atMs + DAY_MS : atMs;
}

function readSpan(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1);
}

/** A moment on its own day, or on the day of `near`; undefined when it is none. */
function readMoment(text: string, near: number): number | undefined {
  const groups = MOMENT.exec(text)?.groups;
  if (!groups || text === '') return undefined;
  const { day, hour = '0', minute = '0', second = '0', milli = '0', zone } = groups;
  if (day === undefined && groups.hour === undefined) return undefined;
  const parts = [Number(hour), Number(minute), Number(second)] as const;
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return undefined;
  const at = new Date(near);
  const [year, month, date] = day?.split('-').map(Number) ?? [
    at.getFullYear(),
    at.getMonth() + 1,
    at.getDate(),
  ];
  const fields = [year ?? 0, (month ?? 1) - 1, date ?? 1, ...parts, Number(milli.padEnd(3, '0'))];
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0, ms = 0] = fields;
  const made = zone ? new Date(Date.UTC(y, m, d, h, min, s, ms)) : new Date(y, m, d, h, min, s, ms);
  const isReal = (zone ? made.getUTCDate() : made.getDate()) === d;
  return isReal ? made.getTime() : undefined;
}

function dayBefore(atMs: number): number {
  const at = new Date(atMs);
  at.setDate(at.getDate() - 1);
  return at.getTime();
}
