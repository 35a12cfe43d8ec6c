/** What a key can mean in the lists of rows: problems, events, the history of one object, the console's own log. */
import type { ProblemVerdict } from '../../protocol/problem-verdict.ts';
import type { EventSort } from './event-list.ts';
import type { FleetEvent } from './fleet-event.ts';
import type { LogSeverity, NewLine } from './own-log.ts';
import type { ProblemSort } from './problem-list.ts';

/** As Intent. */
export type RowIntent =
  | { readonly kind: 'open-problems' }
  | { readonly kind: 'open-events' }
  | { readonly kind: 'open-own-log' }
  /** The next or previous line of the own log that is no mere information. */
  | { readonly kind: 'next-worse'; readonly by: 1 | -1 }
  /** Of a container, or of an environment and all in it. */
  | {
      readonly kind: 'open-history';
      readonly environmentId: number;
      readonly containerId: string | undefined;
    }
  | { readonly kind: 'sort-rows'; readonly by: ProblemSort | EventSort }
  /** Asks for a note, and for how long to mute; of these problems. */
  | {
      readonly kind: 'ask-judge';
      readonly what: 'acknowledge' | 'mute';
      readonly ids: readonly string[];
    }
  /** Asks whether to say so of all these problems. */
  | {
      readonly kind: 'plan-verdict';
      readonly ids: readonly string[];
      readonly verdict: ProblemVerdict;
    };

/** What is remembered of an object, as an effect's answer; a part that nobody has is not told. */
export interface HistoryTold {
  readonly kind: 'history-told';
  readonly requestId: number;
  readonly part: 'engine' | 'server';
  readonly answer: { readonly events: readonly FleetEvent[] } | { readonly why: string };
  readonly atMs: number;
}

/** As Effect. */
export type HistoryEffect =
  | {
      readonly kind: 'fetch-history';
      readonly requestId: number;
      readonly environmentId: number;
      readonly containerId: string | undefined;
      /** Of the container, as people name it in calls. */
      readonly name: string;
      /** Whether the server's audit trail is asked too. */
      readonly hasTrail: boolean;
    }
  | { readonly kind: 'stop-history' };

/** What goes into the console's own log from outside of its state, as OutsideEvent. */
export interface LogSaid {
  readonly kind: 'log-said';
  readonly severity: LogSeverity;
  readonly text: string;
  readonly atMs: number;
}

/** Into the file, as Effect. */
export interface WriteOwnLog {
  readonly kind: 'write-own-log';
  readonly lines: readonly NewLine[];
}
