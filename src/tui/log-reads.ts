/** All that is being read of logs, each by an id, so that leaving a view stops what it asked for. */
import type { EffectRows } from './effect-rows.ts';
import { type FollowParts, followLogs } from './follow-logs.ts';
import { findLastStart } from './last-start.ts';
import type { Effect } from './model/event.ts';
import { readOlder } from './read-older.ts';

export type LogRead = Extract<
  Effect,
  { kind: 'follow-logs' | 'stop-logs' | 'fetch-older' | 'find-last-start' }
>;

/** Reads logs and tells what comes as events; disposing of it stops all of it. */
export class LogReads implements Disposable {
  readonly #parts: FollowParts;
  readonly #open = new Map<number, AbortController>();

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<LogRead['kind']> = {
    'follow-logs': (effect) =>
      this.#read(effect.viewId, (signal) => followLogs(this.#parts, effect, signal)),
    'fetch-older': (effect) =>
      this.#read(effect.requestId, (signal) => readOlder(this.#parts, effect, signal)),
    'find-last-start': (effect) =>
      this.#read(effect.viewId, (signal) => findLastStart(this.#parts, effect, signal)),
    'stop-logs': ({ viewId }) => this.#stop(viewId),
  };

  [Symbol.dispose](): void {
    for (const id of [...this.#open.keys()]) this.#stop(id);
  }

  #read(id: number, start: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    this.#open.set(id, abort);
    void start(abort.signal).finally(() => {
      if (this.#open.get(id) === abort) this.#open.delete(id);
    });
  }

  #stop(id: number): void {
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }
}
