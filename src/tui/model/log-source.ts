/** The streams behind a logs view: how each does, where it would go on, and what a view of many keeps of all. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ClockBounds } from './clock-bounds.ts';
import type { Merge } from './log-merge.ts';

export type LogStream =
  | { readonly kind: 'opening' }
  | { readonly kind: 'following' }
  /** The engine closed it, as it does when the container stops. */
  | { readonly kind: 'ended' }
  /** All that was asked for has come, or so much of it as a view takes; it is not followed further. */
  | { readonly kind: 'done'; readonly isCut: boolean }
  | { readonly kind: 'failed'; readonly why: string; readonly mayRetry: boolean };

/** How far a log is known: all lines before `atMs`, and `count` of those at it. */
export interface LogTail {
  readonly atMs: number;
  readonly count: number;
}

/** What is known of the lines before the first one that is held. */
export type LogPast =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'asked'; readonly requestId: number }
  /** There are none. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'failed'; readonly why: string; readonly retryAtMs: number };

export interface LogSource {
  readonly key: ContainerKey;
  /** Names the stream in events. */
  readonly streamId: number;
  /** `eu-1/web-3`, kept when the container is gone. */
  readonly name: string;
  readonly shortName: string;
  readonly stream: LogStream;
  readonly retryAtMs: number;
  readonly failures: number;
  /** Lines received. */
  readonly lines: number;
  /** The time of its newest lines and how many share it: where a new stream goes on. */
  readonly tail: LogTail | undefined;
  /** Lines that an earlier stream brought already. */
  readonly skip: LogTail | undefined;
  /** The time of its oldest line, on its host's clock. */
  readonly headMs: number | undefined;
  readonly past: LogPast;
}

export interface MergedLogs {
  readonly sources: readonly LogSource[];
  /** How many containers were asked for; those beyond the limit were left out. */
  readonly wanted: number;
  readonly merge: Merge;
  /** By environment id; one that is missing was never measured. */
  readonly clocks: ReadonlyMap<number, ClockBounds>;
  readonly label: 'long' | 'short' | 'bar';
  /** Whether the sources are listed below the lines. */
  readonly isListed: boolean;
  /** The source that the person is at while picking sources. */
  readonly picking: number | undefined;
  /** Sources whose lines are not shown. */
  readonly hidden: ReadonlySet<number>;
  readonly order: 'merged' | 'by-source';
}
