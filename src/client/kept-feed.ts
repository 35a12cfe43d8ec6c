/** A server's feed, dialled again for ever until a Fault that no retry heals, and from there when somebody signs in again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asFault } from '../protocol/fault.ts';
import type { FeedMessage } from '../protocol/feed.ts';
import { isBeginning } from '../protocol/feed-pace.ts';
import { backoffMs } from './backoff.ts';
import type { FleetListener } from './fleet.ts';

/** A connection that lived this long was healthy: the next dial comes soon again. */
const HEALTHY_MS = 30_000;

const FINAL_CODES = new Set(['unauthorized', 'forbidden', 'wrong-certificate']);

function idsAfter(ids: ReadonlySet<number>, message: FeedMessage): ReadonlySet<number> {
  if (message.kind === 'snapshot') return new Set(message.environments.map(({ id }) => id));
  if (message.kind === 'beat') return ids;
  const next = new Set(ids);
  for (const change of message.changes) {
    if (change.kind === 'environment') next.add(change.environment.id);
    if (change.kind === 'environment-gone') next.delete(change.environmentId);
  }
  return next;
}

export interface KeptFeedParts {
  /** Who was signed in, as far as that is known. */
  readonly username: string;
  readonly stop: AbortSignal;
  /** One connection, to its end; rejects always, as readFeed does. */
  readonly read: (signal: AbortSignal, onMessage: (message: FeedMessage) => void) => Promise<never>;
}

export class KeptFeed {
  readonly #parts: KeptFeedParts;
  #listener: FleetListener | undefined;
  #again = new AbortController();
  #isReading = false;
  #ids: ReadonlySet<number> = new Set();
  /** Resolves when it reads no more. */
  over: Promise<void> = Promise.resolve();

  constructor(parts: KeptFeedParts) {
    this.#parts = parts;
  }

  /** Of the environments that it has told of. */
  get ids(): ReadonlySet<number> {
    return this.#ids;
  }

  watch(listener: FleetListener): void {
    this.#listener = listener;
    this.over = this.#reading(listener);
  }

  /** Starts again from a snapshot, with whatever key there is now. */
  restart(): void {
    if (this.#isReading) this.#again.abort();
    else if (this.#listener && !this.#parts.stop.aborted) this.over = this.#reading(this.#listener);
  }

  async #reading(listener: FleetListener): Promise<void> {
    this.#isReading = true;
    const { stop, username } = this.#parts;
    await keepReading({ listener, username, signal: stop, read: (told) => this.#readOnce(told) });
    this.#isReading = false;
  }

  #readOnce(told: (message: FeedMessage) => void): Promise<never> {
    this.#again = new AbortController();
    const signal = AbortSignal.any([this.#parts.stop, this.#again.signal]);
    return this.#parts.read(signal, (message) => {
      this.#ids = idsAfter(this.#ids, message);
      told(message);
    });
  }
}

interface Reading {
  readonly listener: FleetListener;
  readonly username: string;
  readonly signal: AbortSignal;
  readonly read: (onMessage: (message: FeedMessage) => void) => Promise<never>;
}

/** Reads until told to stop, or until a Fault that no retry heals. */
async function keepReading({ listener, username, signal, read }: Reading): Promise<void> {
  let wasLive = false;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    let liveAtMs: number | undefined;
    listener.connection({ kind: 'connecting', attempt });
    try {
      await read((message) => {
        // The beginning of a snapshot is better than nothing, and worse than what was known before.
        const isPart = isBeginning(message);
        if (!isPart || !wasLive) listener.feed(message);
        if (isPart || message.kind !== 'snapshot') return;
        liveAtMs = Date.now();
        wasLive = true;
        listener.connection({ kind: 'live' });
      });
    } catch (error) {
      if (signal.aborted) return;
      const fault = asFault(error, 'internal', 'Reading the feed failed.');
      if (FINAL_CODES.has(fault.code) || (fault.code === 'bad-peer' && !wasLive)) {
        const signIn = fault.code === 'unauthorized' ? { signIn: { username } } : {};
        listener.connection({ kind: 'refused', reason: fault.message, ...signIn });
        return;
      }
      if (liveAtMs !== undefined && Date.now() - liveAtMs > HEALTHY_MS) attempt = 1;
      const delayMs = backoffMs(attempt);
      const retryAtMs = Date.now() + delayMs;
      listener.connection({ kind: 'lost', reason: fault.message, retryAtMs });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
