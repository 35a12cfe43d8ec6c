/** What can happen around the use of CPU and memory: in lists, in the metrics of one container, among its processes. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ProcessList } from '../../protocol/sample.ts';
import type { FiguresWish, ToldFigure } from './figures.ts';
import type { MetricsAnswer } from './metrics-view.ts';
import type { ProcessSort } from './processes-view.ts';

export type UseEvent =
  | {
      readonly kind: 'figures';
      readonly requestId: number;
      readonly answer: readonly ToldFigure[] | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'metrics';
      readonly requestId: number;
      readonly answer: MetricsAnswer | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'processes';
      readonly requestId: number;
      readonly answer: ProcessList | { readonly why: string };
      readonly atMs: number;
    };

export type UseIntent =
  | { readonly kind: 'open-metrics'; readonly key: ContainerKey }
  | { readonly kind: 'open-processes'; readonly key: ContainerKey }
  | { readonly kind: 'sort-processes'; readonly by: ProcessSort };

export type UseEffect =
  | { readonly kind: 'fetch-figures'; readonly requestId: number; readonly wish: FiguresWish }
  | { readonly kind: 'stop-figures' }
  | {
      readonly kind: 'fetch-metrics';
      readonly requestId: number;
      readonly key: ContainerKey;
      /** What was before, too. */
      readonly withHistory: boolean;
    }
  | { readonly kind: 'stop-metrics' }
  | { readonly kind: 'fetch-processes'; readonly requestId: number; readonly key: ContainerKey }
  | { readonly kind: 'stop-processes' };
