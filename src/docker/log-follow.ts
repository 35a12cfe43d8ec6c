/** A container's log in batches; a follow goes on over stops and restarts until the container is removed. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../protocol/fault.ts';
import type { LogLine } from '../protocol/log-line.ts';
import type { EngineEvent, LogRequest } from './engine.ts';
import { type LogMark, logSplitter } from './log-frames.ts';

/** How a log read talks to its engine; every call rejects with a Fault. */
export interface LogSource {
  /** Rejects with not-found once the container is gone. */
  inspect(): Promise<RunState>;
  open(query: LogQuery): Promise<IncomingMessage>;
  /** This container's events from now on; `onOpen` when the engine has subscribed us. */
  events(signal: AbortSignal, onOpen: () => void): AsyncIterable<EngineEvent>;
}

export interface RunState {
  readonly isTty: boolean;
  readonly isRunning: boolean;
  /** End of the last run that ended, RFC 3339 with nanoseconds; year 1 when none has. */
  readonly finishedAt: string;
}

/** Query of the Engine API's GET /containers/{id}/logs. */
export interface LogQuery {
  readonly follow: boolean;
  readonly stdout: true;
  readonly stderr: true;
  readonly timestamps: true;
  readonly tail: string;
  /** Seconds since 1970 with a decimal fraction; '0' for the beginning. */
  readonly since: string;
  /** As `since`; absent for no end. */
  readonly until?: string;
}

/** Yields one batch per chunk that the engine sent; reads no faster than it is read. */
export async function* readLogs(
  source: LogSource,
  request: LogRequest,
): AsyncGenerator<readonly LogLine[]> {
  let tail = request.tail === undefined ? 'all' : String(request.tail);
  let since = request.sinceMs === undefined ? '0' : (request.sinceMs / 1000).toFixed(3);
  const range = { ...FIXED, follow: request.follow, ...untilOf(request.untilMs) };
  let seen: LogMark | undefined;
  for (;;) {
    const { isTty } = await source.inspect();
    const splitter = logSplitter(isTty ? 'raw' : 'frames', seen);
    const askedAtMs = Date.now();
    const stream = await source.open({ ...range, tail, since });
    request.onOpen?.({ dateMs: dateOf(stream), askedAtMs, answeredAtMs: Date.now() });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const lines = splitter.push(chunk);
      if (lines.length > 0) yield lines;
    }
    const last = splitter.end();
    if (last.length > 0) yield last;
    const next = request.follow ? await nextRun(source) : undefined;
    if (next === undefined) return;
    seen = splitter.mark;
    since = seen ? secondsOf(seen.stamp) : sinceEndOf(next);
    tail = 'all';
  }
}

/** Docker takes `until` to the nanosecond and inclusive: the whole of the last millisecond belongs to it. */
function untilOf(untilMs: number | undefined): { readonly until?: string } {
  return untilMs === undefined ? {} : { until: `${(untilMs / 1000).toFixed(3)}999999` };
}

function dateOf({ headers }: IncomingMessage): number | undefined {
  const dateMs = Date.parse(headers.date ?? '');
  return Number.isNaN(dateMs) ? undefined : dateMs;
}

const FIXED = { stdout: true, stderr: true, timestamps: true } as const;

/** Waits until the container runs again; undefined when it has been removed instead. */
async function nextRun(source: LogSource): Promise<RunState | undefined> {
  const abort = new AbortController();
  let subscribed = () => {};
  const opened = new Promise<void>((resolve) => {
    subscribed = resolve;
  });
  const events = source.events(abort.signal, subscribed)[Symbol.asyncIterator]();
  try {
    let event = events.next();
    event.catch(() => undefined);
    await Promise.race([opened, event]);
    for (;;) {
      const state = await source.inspect();
      if (state.isRunning) return state;
      if (!(await seesStart(event, () => events.next()))) return undefined;
      event = events.next();
      event.catch(() => undefined);
    }
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return undefined;
    throw error;
  } finally {
    abort.abort();
  }
}

type EventResult = Promise<IteratorResult<EngineEvent>>;

async function seesStart(first: EventResult, next: () => EventResult): Promise<boolean> {
  for (let result = await first; !result.done; result = await next()) {
    const { action } = result.value;
    if (action === 'start') return true;
    if (action === 'destroy' || action === 'remove') return false;
  }
  return false;
}

/** Nothing was read of the last run, so what came before it must not come now. */
function sinceEndOf(lastRun: RunState): string {
  return Date.parse(lastRun.finishedAt) > 0 ? secondsOf(lastRun.finishedAt) : '0';
}

/** An RFC 3339 stamp in seconds with nine decimals. */
function secondsOf(stamp: string): string {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '';
  return `${Math.floor(Date.parse(stamp) / 1000)}.${fraction.padEnd(9, '0').slice(0, 9)}`;
}
