/** Whether a figure keeps the limits set for it. */
import type { Figure, Limit } from './figure.ts';

/** By how much a limit is broken: 1 or less when it holds. */
export function breach(figure: Figure, limit: Limit): number {
  const value = limitedValue(figure, limit);
  if (limit.atMost === 0) return value === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (limit.atMost !== undefined) return value / limit.atMost;
  return (limit.atLeast ?? 0) / value;
}

function limitedValue({ median, p99, beside }: Figure, { of }: Limit): number {
  switch (of) {
    case 'median':
      return median;
    case 'p99':
      return p99 ?? Number.NaN;
    case 'ratio':
      return beside?.ratio ?? Number.NaN;
    case 'p99 ratio':
      return beside?.p99Ratio ?? Number.NaN;
  }
}

/** Beyond so many times its limit no noise explains a figure. */
const GROSS = 3;

export interface GrossBreach {
  /** The figure and what of it is limited: names the same limit in another run. */
  readonly of: string;
  readonly words: string;
}

/** The limits that are broken grossly. What can't be judged counts as that. */
export function grossBreaches(figures: readonly Figure[]): readonly GrossBreach[] {
  return figures.flatMap((figure) =>
    figure.limits
      .filter((limit) => !(breach(figure, limit) <= GROSS))
      .map((limit) => ({
        of: `${figure.what} ${limit.of}`,
        words: `${figure.what}: ${breach(figure, limit).toFixed(1)} times its limit`,
      })),
  );
}

/** The limit and whether it holds: "ratio ≤ 1.5 holds". What can't be judged is broken. */
export function limitWords(figure: Figure, limit: Limit): string {
  const { of, atMost, atLeast = 0 } = limit;
  const words = atMost === undefined ? `${of} ≥ ${atLeast}` : `${of} ≤ ${atMost}`;
  return `${words} ${breach(figure, limit) <= 1 ? 'holds' : 'BROKEN'}`;
}
