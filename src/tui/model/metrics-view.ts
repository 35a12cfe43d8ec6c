/** The view of what one container uses over time: the history that the fleet has, then a sample every few seconds. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ContainerSample, SamplePoint } from '../../protocol/sample.ts';

export interface MetricsScreen {
  readonly kind: 'metrics';
  readonly key: ContainerKey;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isAsking: boolean;
  readonly askedAtMs: number;
  /** Oldest first, by the clock of whoever measures. */
  readonly points: readonly SamplePoint[];
  /** False until the history has come: then samples are enough. */
  readonly hasHistory: boolean;
  /** The newest. */
  readonly sample: ContainerSample | undefined;
  /** Why the last request failed, or brought nothing, as a sentence. */
  readonly why: string | undefined;
}

export interface MetricsAnswer {
  /** Undefined when it was not asked for. */
  readonly history: readonly SamplePoint[] | undefined;
  /** Undefined when the container is not measured. */
  readonly sample: ContainerSample | undefined;
}

export const METRICS_REFRESH_MS = 3_000;
const MOST_POINTS = 1_200;
/** Over a longer gap no line is drawn: what was before is left out. */
const GAP_MS = 120_000;

/** The view as it opens. */
export function freshMetrics(key: ContainerKey): MetricsScreen {
  return {
    kind: 'metrics',
    key,
    requestId: 0,
    isAsking: false,
    askedAtMs: Number.NEGATIVE_INFINITY,
    points: [],
    hasHistory: false,
    sample: undefined,
    why: undefined,
  };
}

/** The view after an answer. */
export function withMetrics(screen: MetricsScreen, answer: MetricsAnswer): MetricsScreen {
  const { history, sample } = answer;
  const known = history ?? screen.points;
  const last = known.at(-1);
  const isNewer = sample !== undefined && (last === undefined || sample.atMs > last.atMs);
  const points = isNewer ? [...known.slice(1 - MOST_POINTS), sample] : known;
  const why = sample ? undefined : 'Nothing is measured of it: does it run?';
  return {
    ...screen,
    isAsking: false,
    points,
    hasHistory: screen.hasHistory || history !== undefined,
    sample: sample ?? screen.sample,
    why,
  };
}

/** The points since the last long gap. */
export function unbroken(points: readonly SamplePoint[]): readonly SamplePoint[] {
  const gap = points.findLastIndex(
    ({ atMs }, index) => index > 0 && atMs - (points[index - 1]?.atMs ?? atMs) > GAP_MS,
  );
  return gap < 0 ? points : points.slice(gap);
}
