/** One measured figure as data: what a bench hands over, and what the table and the results are made of. */
import { writeSync } from 'node:fs';
import { loadavg } from 'node:os';

export type Unit =
  | 'ms'
  | 'MiB'
  | 'KiB'
  | 'MiB/s'
  | 'KiB/s'
  | '% of a core'
  | '1/s'
  | ''
  | 'KiB each';

/** A limit that the product has set itself. */
export interface Limit {
  /** What of the figure is limited: itself, its p99, or either as so many times the one beside it. */
  readonly of: 'median' | 'p99' | 'ratio' | 'p99 ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What the same work cost the peer, or the physical limit, in the same run. */
export interface Beside {
  readonly what: string;
  readonly ratio: number;
  readonly p99Ratio?: number;
}

export interface Figure {
  /** Names it within its bench, for good: results of two days are compared by it. */
  readonly what: string;
  readonly unit: Unit;
  /** The median of the medians of all runs. */
  readonly median: number;
  /** The median of the p99 of all runs; null where a run is one measurement. */
  readonly p99: number | null;
  /** Half of what lies between the lowest and the highest run, as a share of the median: the noise. */
  readonly spread: number;
  readonly runs: number;
  readonly better: 'lower' | 'higher' | 'none';
  readonly beside: Beside | null;
  readonly limits: readonly Limit[];
  /** The machine's load over the last minute when it was measured. */
  readonly load: number;
}

export type FigureMore = Partial<Pick<Figure, 'better' | 'limits'>> & {
  /** The figure of the peer. */
  readonly beside?: Figure;
};

/** The figure of some runs, each of one measurement or of many; at least one run, none of them empty. */
export function figureOf(
  what: string,
  unit: Unit,
  runs: readonly (number | readonly number[])[],
  more: FigureMore = {},
): Figure {
  const sorted = runs.map((run) => (typeof run === 'number' ? [run] : [...run].sort(byValue)));
  const medians = sorted.map((run) => at(run, 0.5)).sort(byValue);
  const isOfMany = sorted.some(({ length }) => length > 1);
  const p99s = sorted.map((run) => at(run, 0.99)).sort(byValue);
  const median = at(medians, 0.5);
  const p99 = isOfMany ? at(p99s, 0.5) : null;
  const width = at(medians, 1) - at(medians, 0);
  const { better = 'lower', limits = [], beside } = more;
  const spread = median === 0 ? 0 : width / 2 / median;
  const [load = 0] = loadavg();
  return {
    ...{ what, unit, median, p99, spread, runs: runs.length, better, limits, load },
    beside: beside ? ratioTo(beside, median, p99) : null,
  };
}

function ratioTo(peer: Figure, median: number, p99: number | null): Beside {
  const ratio = median / peer.median;
  const isPair = p99 !== null && peer.p99 !== null;
  return { what: peer.what, ratio, ...(isPair && { p99Ratio: p99 / (peer.p99 ?? 1) }) };
}

const byValue = (a: number, b: number) => a - b;

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The descriptor on which the runner hears a bench. */
export const FIGURES_FD = 3;

/** Hands the figure to the runner, which prints and keeps it; gives it back, for others to be set beside. */
export function report(figure: Figure): Figure {
  writeSync(FIGURES_FD, `${JSON.stringify(figure)}\n`);
  return figure;
}

/** Says that a part of this bench is not measured here and why; the whole command fails then. */
export function cannotRun(what: string, why: unknown): void {
  const words = why instanceof Error ? why.message : String(why);
  console.log(`  NOT MEASURED: ${what}: ${words}`);
  process.exitCode = 1;
}

/** Whether fewer and smaller runs are wanted, whose figures nobody keeps. */
export const isQuick = process.env.FLEET_BENCH_QUICK === '1';
