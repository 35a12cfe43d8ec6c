/** A console without a screen: folds a fleet's feed and waits for what a test wants to see in it. */
import type { Fleet, FleetConnection } from '../../src/client/fleet.ts';
import { sequenceCheck } from '../../src/client/server-feed.ts';
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import { type FeedMessage, feedMessageSchema } from '../../src/protocol/feed.ts';
import { foldFeed } from '../../src/tui/model/fold-feed.ts';
import { EMPTY_FLEET, type LiveFleet } from '../../src/tui/model/live-fleet.ts';

export class FleetRecorder {
  readonly messages: FeedMessage[] = [];
  readonly connections: FleetConnection[] = [];
  live: LiveFleet = EMPTY_FLEET;
  readonly #waiting = new Set<() => void>();
  readonly #inSequence = sequenceCheck();

  /** Starts watching; every message must be of the right shape and in sequence. */
  constructor(fleet: Fleet) {
    fleet.watch({
      feed: (message) => this.#take(feedMessageSchema.parse(message)),
      connection: (state) => {
        this.connections.push(state);
        this.#wake();
      },
    });
  }

  get environments(): readonly Environment[] {
    return [...this.live.environments.values()];
  }

  /** Of all environments, by name. */
  container(name: string): Container | undefined {
    const all = [...this.live.containers.values()].flatMap((some) => [...some.values()]);
    return all.find((container) => container.name === name);
  }

  get connection(): FleetConnection | undefined {
    return this.connections.at(-1);
  }

  /** Resolves with the first truthy value that `look` finds, now or after any later message. */
  async sees<T>(look: (seen: this) => T, timeoutMs = 15_000): Promise<NonNullable<T>> {
    return await new Promise<NonNullable<T>>((resolve, reject) => {
      const attempt = () => {
        const found = look(this);
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(attempt);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(attempt);
        reject(new Error(`not seen: ${look.toString()}\n${this.#picture()}`));
      }, timeoutMs);
      this.#waiting.add(attempt);
      attempt();
    });
  }

  #take(message: FeedMessage): void {
    if (!this.#inSequence(message)) throw new Error(`out of sequence: ${JSON.stringify(message)}`);
    this.messages.push(message);
    const fold = foldFeed(this.live, message, Date.now());
    if (fold.kind === 'folded') this.live = fold.fleet;
    this.#wake();
  }

  #wake(): void {
    for (const attempt of [...this.#waiting]) attempt();
  }

  #picture(): string {
    const containers = [...this.live.containers.values()].flatMap((some) =>
      [...some.values()].map(({ name, state }) => `${name} ${state}`),
    );
    return JSON.stringify({ now: this.connection, environments: this.environments, containers });
  }
}
