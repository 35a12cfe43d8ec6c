/**
 * Reads one container's log into events: at most one per 50 ms and 16,000 lines, and nothing more is read from the
 * engine while a full event waits, so that a fast log slows down at its source instead of filling this process.
 */
import type { Fleet } from '../client/fleet.ts';
import { asFault, FAULTS } from '../protocol/fault.ts';
import type { LogLine } from '../protocol/log-line.ts';
import type { AppEvent, Effect } from './model/event.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

const GATHER_MS = 50;
const MAX_LINES = 16_000;

type LogRequest = Parameters<ReturnType<Fleet['engine']>['logs']>[1];

export interface FollowParts {
  readonly fleet: Fleet;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Follows the log until it ends, breaks or the signal fires; says `log-ended` unless the signal fired. Never rejects. */
export async function followLogs(
  parts: FollowParts,
  effect: Extract<Effect, { kind: 'follow-logs' }>,
  signal: AbortSignal,
): Promise<void> {
  const { send, now } = parts;
  const { viewId, among = 1 } = effect;
  const give = (lines: readonly LogLine[]) => {
    if (!signal.aborted) send({ kind: 'log-lines', viewId, lines, atMs: now() });
  };
  const gathered = new Gathered(give, Math.ceil(MAX_LINES / among));
  const end = await readLog(parts, effect, { gathered, signal });
  gathered.finish();
  if (!signal.aborted) send({ kind: 'log-ended', viewId, ...end, atMs: now() });
}

interface Reading {
  readonly gathered: Gathered;
  readonly signal: AbortSignal;
}

async function readLog(
  { fleet, send, now }: FollowParts,
  { viewId, key, tail, sinceMs, untilMs, most }: Extract<Effect, { kind: 'follow-logs' }>,
  { gathered, signal }: Reading,
) {
  const request: LogRequest = {
    follow: untilMs === undefined,
    ...(untilMs !== undefined && { untilMs }),
    onOpen: (head) => {
      if (!signal.aborted) send({ kind: 'log-opened', viewId, ...head, atMs: now() });
    },
    ...(tail !== undefined && { tail }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
  try {
    const engine = fleet.engine(environmentIdOf(key));
    let left = most ?? Number.POSITIVE_INFINITY;
    for await (const lines of engine.logs(containerIdOf(key), request, signal)) {
      await gathered.add(lines.slice(0, left));
      const isCut = lines.length > left;
      if (isCut) return { why: undefined, mayRetry: false, isDone: true, isCut };
      left -= lines.length;
    }
    return { why: undefined, mayRetry: true, isDone: untilMs !== undefined };
  } catch (thrown) {
    const fault = asFault(thrown, 'internal', 'Reading the log failed.');
    // After signing in again the log goes on.
    const mayRetry = FAULTS[fault.code].retry || fault.code === 'unauthorized';
    return { why: fault.message, mayRetry };
  }
}

/** Lines on their way into one event. */
class Gathered {
  readonly #give: (lines: readonly LogLine[]) => void;
  readonly #most: number;
  #lines: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #given: (() => void) | undefined;

  constructor(give: (lines: readonly LogLine[]) => void, most: number) {
    this.#give = give;
    this.#most = most;
  }

  /** Adds lines; the promise waits for the next event when a full one is gathered. */
  async add(lines: readonly LogLine[]): Promise<void> {
    for (const line of lines) this.#lines.push(line);
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
    if (this.#lines.length < this.#most) return;
    await new Promise<void>((resolve) => {
      this.#given = resolve;
    });
  }

  /** Gives all that is left. */
  finish(): void {
    do this.flush();
    while (this.#lines.length > 0);
    clearTimeout(this.#timer);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines.splice(0, this.#most);
    if (lines.length > 0) this.#give(lines);
    if (this.#lines.length > 0) this.#timer = setTimeout(() => this.flush(), GATHER_MS);
    if (this.#lines.length >= this.#most) return;
    this.#given?.();
    this.#given = undefined;
  }
}
