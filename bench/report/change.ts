/** What has become of a figure since the results that were committed last. */
import type { Figure } from './figure.ts';

/** Below this nothing is called a change, however quiet both runs were: another day is another layout in memory. */
const LEAST_NOISE = 0.1;

export interface Change {
  /** As a share of the old value. */
  readonly by: number;
  readonly verdict: 'within noise' | 'better' | 'worse' | 'differs';
}

/** Ratios to the peer are compared where there are any, since they mean the same on a busy machine; else the medians. */
export function changeOf(now: Figure, before: Figure): Change {
  const isRatio = now.beside !== null && before.beside !== null;
  const [value, old] = isRatio
    ? [now.beside?.ratio ?? 0, before.beside?.ratio ?? 0]
    : [now.median, before.median];
  if (old === 0) return { by: 0, verdict: value === 0 ? 'within noise' : 'differs' };
  const by = value / old - 1;
  const noise = Math.max(LEAST_NOISE, now.spread + before.spread);
  if (Math.abs(by) <= noise) return { by, verdict: 'within noise' };
  if (now.better === 'none') return { by, verdict: 'differs' };
  return { by, verdict: by < 0 === (now.better === 'lower') ? 'better' : 'worse' };
}
