/** Booleans and durations as Go's strconv.ParseBool and time.ParseDuration read them, which Portainer's agent uses. */

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // Micro sign and Greek letter mu, both of which Go takes.
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)`;
const UNIT = 'ns|us|\u00b5s|\u03bcs|ms|s|m|h';
const DURATION = new RegExp(`^[-+]?(?:${NUMBER}(?:${UNIT}))+$`);
const PART = new RegExp(`(${NUMBER})(${UNIT})`, 'g');

/** Undefined when Go would not take it. */
export function goBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** Milliseconds, negative ones too; undefined when Go would not take it. "72h", "1h30m", "1.5s", "0". */
export function goDurationMs(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return text.startsWith('-') ? -total : total;
}
