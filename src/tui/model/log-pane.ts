/** The last lines of the container under the cursor, beside the list: one stream at most, opened once the cursor rests. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { LogLimits } from './log-buffer.ts';
import type { LogsScreen } from './log-view.ts';

export interface LogPane {
  readonly key: ContainerKey;
  /** Of the run that is shown: a container that starts anew is read anew. */
  readonly startedAtMs: number | null;
  /** Since when it is the one. */
  readonly sinceMs: number;
  /** Undefined until the cursor has rested on it. */
  readonly view: LogsScreen | undefined;
}

/** Holding a key down asks nothing of any host. */
export const LOG_REST_MS = 400;
export const PANE_LINES = 100;
/** What the pane holds at most; the view behind `l` holds much more. */
export const PANE_LIMITS: LogLimits = { lines: 1_000, bytes: 1024 * 1024 };
