/** What containers use, as far as somebody asked: smoothed, so that a number can be read, and honest about its age. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { SampleFigures } from '../../protocol/sample.ts';

export interface Figure {
  /** Of the newest sample, by the clock of whoever took it. */
  readonly atMs: number;
  /** 1 is one whole core; null until two readings are known. */
  readonly cpuCores: number | null;
  readonly memoryBytes: number;
}

export type Figures = ReadonlyMap<ContainerKey, Figure>;

/** A sample as it was told, with the container it is about. */
export type ToldFigure = readonly [ContainerKey, SampleFigures];

/** The part of a new sample in what is shown. */
const SMOOTHING = 0.3;
/** Older figures are not shown as if they were true. */
export const OLD_FIGURE_MS = 45_000;

function smooth(before: number | null | undefined, now: number | null): number | null {
  if (now === null || before === null || before === undefined) return now;
  return before + (now - before) * SMOOTHING;
}

/** The figures with those that were told; of containers that are not present any more nothing is kept. */
export function withFigures(
  known: Figures,
  told: readonly ToldFigure[],
  isPresent: (key: ContainerKey) => boolean,
): Figures {
  const next = new Map([...known].filter(([key]) => isPresent(key)));
  for (const [key, sample] of told) {
    const before = next.get(key);
    if (!isPresent(key) || (before && before.atMs >= sample.atMs)) continue;
    const isFresh = before !== undefined && sample.atMs - before.atMs < OLD_FIGURE_MS;
    next.set(key, {
      atMs: sample.atMs,
      cpuCores: smooth(isFresh ? before.cpuCores : null, sample.cpuCores),
      memoryBytes: smooth(isFresh ? before.memoryBytes : null, sample.memoryBytes) ?? 0,
    });
  }
  return next;
}

/** What is wanted: the figures of these containers, or of all. */
export type FiguresWish =
  | { readonly kind: 'some'; readonly keys: readonly ContainerKey[] }
  | { readonly kind: 'all' };

/** The question that is under way or was asked last. */
export interface FiguresAsking {
  /** Questions so far; each has its own number. */
  readonly count: number;
  /** Undefined when nothing is under way. */
  readonly requestId: number | undefined;
  readonly askedAtMs: number;
  /** Which rows were asked for, in short. */
  readonly askedFor: string;
  /** Which rows are on the screen now, and since when. */
  readonly window: string;
  readonly windowSinceMs: number;
  /** Why the last question failed. */
  readonly why: string | undefined;
}

export const NEVER_ASKED: FiguresAsking = {
  count: 0,
  requestId: undefined,
  askedAtMs: Number.NEGATIVE_INFINITY,
  askedFor: '',
  window: '',
  windowSinceMs: Number.NEGATIVE_INFINITY,
  why: undefined,
};
