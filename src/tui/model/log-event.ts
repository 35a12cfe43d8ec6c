/** What can happen to logs, what a key can mean in one, and what is asked of the world for them. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { LogLine } from '../../protocol/log-line.ts';
import type { LogRange } from './log-range.ts';

/** Where a file was saved, or why it was not, as a sentence. */
export type SaveOutcome =
  | { readonly path: string; readonly lines: number; readonly bytes: number }
  | { readonly why: string };

export type LogSwitch =
  | 'wrap'
  | 'times'
  | 'follow'
  | 'lens'
  | 'pretty'
  | 'label'
  | 'sources'
  | 'order';
/** As OutsideEvent. */
export type LogEvent =
  | {
      readonly kind: 'log-lines';
      readonly viewId: number;
      readonly lines: readonly LogLine[];
      readonly atMs: number;
    }
  | {
      /** The engine has begun to answer; the first three are as in the head of its answer. */
      readonly kind: 'log-opened';
      readonly viewId: number;
      readonly dateMs: number | undefined;
      readonly askedAtMs: number;
      readonly answeredAtMs: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'log-ended';
      readonly viewId: number;
      /** Undefined when the log simply ended. */
      readonly why: string | undefined;
      readonly mayRetry: boolean;
      /** All that was asked for has come: there is nothing to go on with. */
      readonly isDone?: boolean;
      /** More came than were wanted; those lines were not told. */
      readonly isCut?: boolean;
      readonly atMs: number;
    }
  | {
      /** Lines before those that are held, oldest first; none and `why` when they can't be read. */
      readonly kind: 'log-older';
      readonly requestId: number;
      readonly lines: readonly LogLine[];
      /** There are none before these. */
      readonly isWhole: boolean;
      readonly why?: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'last-start';
      readonly viewId: number;
      /** On the host's clock. */
      readonly answer: { readonly beforeMs: number } | { readonly why: string };
      readonly atMs: number;
    }
  | { readonly kind: 'saved'; readonly outcome: SaveOutcome; readonly atMs: number };

/** As Intent. */
export type LogIntent =
  | { readonly kind: 'log-range'; readonly range: LogRange }
  /** What a container logged before its last start. */
  | { readonly kind: 'open-previous-run'; readonly key: ContainerKey }
  | { readonly kind: 'error-line'; readonly by: 1 | -1 }
  | { readonly kind: 'log-time'; readonly atMs: number }
  /** The last filter of a log once more. */
  | { readonly kind: 'repeat-filter' }
  /** Shows one line by itself; while sources are picked, ends that. */
  | { readonly kind: 'zoom-line' }
  | { readonly kind: 'step-line'; readonly by: 1 | -1 }
  | { readonly kind: 'select-lines' }
  | { readonly kind: 'copy-lines' }
  | { readonly kind: 'save-log' }
  /** Draws a line under what has come so far. */
  | { readonly kind: 'mark-log' }
  | { readonly kind: 'clear-log' }
  | { readonly kind: 'pick-source'; readonly what: 'this' | 'all' };

/** As Effect. */
export type LogEffect =
  | {
      readonly kind: 'follow-logs';
      readonly viewId: number;
      readonly key: ContainerKey;
      /** Lines from the end to begin with, or undefined to go on after `sinceMs`; both together limit each other. */
      readonly tail: number | undefined;
      readonly sinceMs: number | undefined;
      /** Where the log is read to; it is not followed then. */
      readonly untilMs?: number | undefined;
      /** So many lines are enough. */
      readonly most?: number | undefined;
      /** Of how many streams it is one: they share what may be told at once. */
      readonly among?: number;
    }
  | { readonly kind: 'stop-logs'; readonly viewId: number }
  | {
      readonly kind: 'fetch-older';
      /** `stop-logs` with this as its view stops it. */
      readonly requestId: number;
      readonly key: ContainerKey;
      /** Of the first line held, on the host's clock; that millisecond is read too. */
      readonly beforeMs: number;
      /** Lines held of that millisecond. */
      readonly atSeam: number;
      /** Lines from there to the log's end; undefined when nobody knows. */
      readonly known: number | undefined;
      readonly want: number;
    }
  | { readonly kind: 'find-last-start'; readonly viewId: number; readonly key: ContainerKey }
  /** Writes the lines to a new file in the working folder; they are made while they are written. */
  | {
      readonly kind: 'save-file';
      readonly stem: string;
      readonly ending: string;
      readonly lines: Iterable<string>;
    };
