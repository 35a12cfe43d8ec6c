/** The console's own log: what went on in this program, the newest so many lines, oldest first. No secret ever stands in it. */

export type LogSeverity = 'info' | 'warn' | 'error';

export interface OwnLine {
  readonly id: string;
  readonly atMs: number;
  readonly severity: LogSeverity;
  /** One line. */
  readonly text: string;
}

export interface OwnLog {
  readonly all: readonly OwnLine[];
  /** How many there were in all. */
  readonly count: number;
  /** What the texts that are kept take, in UTF-16 units. */
  readonly size: number;
}

export type NewLine = Omit<OwnLine, 'id'>;

export const NO_OWN_LOG: OwnLog = { all: [], count: 0, size: 0 };
export const MOST_OWN_LINES = 2_000;
/** In UTF-16 units. */
export const MOST_OWN_SIZE = 512 * 1024;
const MOST_OF_ONE = 2_000;

/** The log with these lines behind it; the oldest make room. */
export function withOwnLines(log: OwnLog, lines: readonly NewLine[]): OwnLog {
  if (lines.length === 0) return log;
  const fresh = lines.map((line, index) => ({
    ...line,
    id: `line-${log.count + index + 1}`,
    text: oneLine(line.text),
  }));
  const all = [...log.all, ...fresh];
  let size = fresh.reduce((sum, { text }) => sum + text.length, log.size);
  let first = 0;
  while (all.length - first > MOST_OWN_LINES || size > MOST_OWN_SIZE) {
    size -= all[first]?.text.length ?? 0;
    first += 1;
  }
  return { all: first === 0 ? all : all.slice(first), count: log.count + lines.length, size };
}

/** A text as it may be kept: on one line, of bounded length, and without what looks like a credential. */
function oneLine(text: string): string {
  const short = text.length > MOST_OF_ONE ? `${text.slice(0, MOST_OF_ONE)}…` : text;
  return masked(short).replace(/[\s\p{Cc}]+/gu, ' ');
}

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(ptr_|eyJ)[\w.+/=-]{8,}/gu, '$1***'],
  [/\b(bearer|basic)\s+[\w.+/=~-]{6,}/giu, '$1 ***'],
  [
    /((?:password|passwd|secret|token|api[-_]?key|edge[-_]?key)["']?\s*[=:]\s*["']?)[^\s"',;]+/giu,
    '$1***',
  ],
  [/(\/\/[^\s/:@]+:)[^\s/@]+@/gu, '$1***@'],
];

/** Whoever logs leaves secrets out; this is for sentences that came from somewhere else. */
export function masked(text: string): string {
  return SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}
