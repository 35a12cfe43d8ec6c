/** Many measured times, and what is worth printing of them. */
import { loadavg } from 'node:os';

export interface Figures {
  readonly count: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The figures of some times in milliseconds, at least one. */
export function figuresOf(timesMs: readonly number[]): Figures {
  const sorted = [...timesMs].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    count: sorted.length,
    medianMs: at(0.5) ?? Number.NaN,
    p99Ms: at(0.99) ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

/** One line: what was measured, its figures, anything else worth knowing, and the load of the machine now. */
export function printFigures(what: string, figures: Figures, more = ''): void {
  const { medianMs, p99Ms, maxMs, count } = figures;
  const times = `median ${ms(medianMs)}  p99 ${ms(p99Ms)}  max ${ms(maxMs)}  (${count} times)`;
  const load = `load ${(loadavg()[0] ?? 0).toFixed(1)}`;
  console.log(`  ${what.padEnd(44)} ${times}  ${load}${more === '' ? '' : `  ${more}`}`);
}

function ms(value: number): string {
  return `${value.toFixed(2).padStart(6)} ms`;
}
