/** The feed of many environments, made on the spot from a watcher of each: what a server with a feed would send. */

import type { EngineWatcher } from '../docker/watcher.ts';
import type { Change, FeedMessage } from '../protocol/feed.ts';

export interface WatchedFeedOptions {
  /** Those that are watched now. */
  readonly watchers: () => Iterable<EngineWatcher>;
  readonly send: (message: FeedMessage) => void;
  /** Idle time after which a beat is sent. */
  readonly beatIntervalMs: number;
}

/** Says nothing before its first restart; disposing of it ends the beats. */
export class WatchedFeed implements Disposable {
  readonly #options: WatchedFeedOptions;
  readonly #seenAtMs = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #sequence = 0;
  #hasBegun = false;

  constructor(options: WatchedFeedOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.beatIntervalMs);
  }

  /** A snapshot of everything that is watched. */
  restart(): void {
    const watchers = [...this.#options.watchers()];
    this.#hasBegun = true;
    this.#options.send({
      kind: 'snapshot',
      sequence: this.#sequence,
      atMs: Date.now(),
      environments: watchers.map(({ environment }) => environment),
      containers: watchers.flatMap(({ containers }) => [...containers.values()]),
    });
  }

  change(changes: readonly Change[]): void {
    if (!this.#hasBegun) return;
    this.#sequence += 1;
    this.#options.send({
      kind: 'changes',
      sequence: this.#sequence,
      atMs: Date.now(),
      changes: [...changes],
    });
  }

  /** The engine has proved that it is alive; told with the next beat. */
  seen(environmentId: number, atMs: number): void {
    this.#seenAtMs.set(environmentId, atMs);
  }

  forget(environmentId: number): void {
    this.#seenAtMs.delete(environmentId);
    this.change([{ kind: 'environment-gone', environmentId }]);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    if (!this.#hasBegun) return;
    const seenAtMs = Object.fromEntries(this.#seenAtMs);
    const atMs = Date.now();
    this.#options.send({ kind: 'beat', sequence: this.#sequence, atMs, seenAtMs });
  }
}
