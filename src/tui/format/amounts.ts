/** Numbers as a person reads them: counts with separators, byte sizes and ages in at most four characters. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** 1318 as `1,318`. */
export function formatCount(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count and its noun: `1 container`, `1,318 containers`. */
export function formatThings(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An age in one unit, at most four characters: `12s`, `4m`, `3h`, `9d`, `2y`; below a second `0s`. */
export function formatAge(ageMs: number): string {
  const age = Math.max(0, ageMs);
  if (age < MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < YEAR) return `${Math.floor(age / DAY)}d`;
  return `${Math.floor(age / YEAR)}y`;
}

/** How long something took: `0.4s`, `3.2s`, `48s`, `4m`. */
export function formatDuration(durationMs: number): string {
  const tenths = Math.round(Math.max(0, durationMs) / 100);
  return tenths < 100 ? `${(tenths / 10).toFixed(1)}s` : formatAge(durationMs);
}

const UNITS = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

/** A size in powers of 1024 with two significant digits or whole numbers: `812M`, `1.9G`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return digits + UNITS[unit];
}

/** CPU as docker counts it, 100 % is one core, in at most four characters: `0.4%`, `91%`, `350%`, from ten cores on `16c`. */
export function formatCores(cores: number): string {
  const percent = Math.max(0, cores) * 100;
  return percent < 995 ? formatPercent(percent) : `${twoDigits(cores)}c`;
}

/** A share in at most four characters, two significant digits: `0.4%`, `91%`, `350%`. */
export function formatPercent(percent: number): string {
  if (percent < 0.05) return '0%';
  return percent < 9.95 ? `${percent.toFixed(1)}%` : `${twoDigits(Math.min(990, percent))}%`;
}

/** Rounded to what can be read: two significant digits from 100 on. */
function twoDigits(value: number): number {
  const step = value >= 100 ? 10 : 1;
  return Math.round(value / step) * step;
}
