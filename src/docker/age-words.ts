/** Docker's rounded durations ("About an hour", "3 minutes") as the range of times they may stand for. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** At least `minMs`, less than `maxMs`. */
export interface AgeRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * The rounding of Docker's units.HumanDuration: seconds and minutes are cut, hours are rounded to the nearest, and
 * days, weeks, months (30 days) and years are cut from those hours.
 */
export function parseAge(words: string): AgeRange | undefined {
  const text = words.trim().toLowerCase();
  if (text === 'less than a second') return { minMs: 0, maxMs: SECOND };
  if (text === 'about a minute') return { minMs: MINUTE, maxMs: 2 * MINUTE };
  if (text === 'about an hour') return { minMs: HOUR, maxMs: 1.5 * HOUR };
  const match = /^(\d+) (second|minute|hour|day|week|month|year)s?$/.exec(text);
  if (!match) return undefined;
  return rangeOf(Number(match[1]), match[2] ?? '');
}

function rangeOf(count: number, unit: string): AgeRange {
  if (unit === 'second') return cut(count, SECOND);
  if (unit === 'minute') return cut(count, MINUTE);
  if (unit === 'hour') return { minMs: (count - 0.5) * HOUR, maxMs: (count + 0.5) * HOUR };
  const { minMs, maxMs } = cut(count, LONG_UNITS[unit] ?? DAY);
  return { minMs: minMs - HOUR / 2, maxMs: maxMs - HOUR / 2 };
}

const LONG_UNITS: Readonly<Record<string, number>> = {
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
};

function cut(count: number, unitMs: number): AgeRange {
  return { minMs: count * unitMs, maxMs: (count + 1) * unitMs };
}
