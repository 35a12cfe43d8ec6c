/** A watcher on a test engine, with everything it told and a way to wait for what it should tell. */
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import type { WatchPace } from '../../src/docker/engine-session.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { type EngineWatcher, watchEngine } from '../../src/docker/watcher.ts';
import type { Container } from '../../src/protocol/container.ts';
import type { Change } from '../../src/protocol/feed.ts';

export interface Watched extends AsyncDisposable {
  readonly watcher: EngineWatcher;
  /** Each call of onChanges, in order. */
  readonly told: readonly (readonly Change[])[];
  readonly seenAtMs: readonly number[];
  /** The container of that name as the watcher has it now. */
  container(name: string): Container | undefined;
  /** Waits until `holds` does after some change; rejects after 20 s with what was told last. */
  until(holds: (watched: Watched) => boolean): Promise<void>;
}

/** Watches the engine at a socket as environment 1. */
export function watchSocket(path: string, pace: Partial<WatchPace> = {}): Watched {
  const route = socketRoute(path);
  const told: (readonly Change[])[] = [];
  const seenAtMs: number[] = [];
  const waiting = new Set<() => void>();
  const watcher = watchEngine({
    environment: { id: 1, name: 'test', kind: 'socket', address: route.address },
    engine: dockerodeEngine(route),
    pace,
    onChanges: (changes) => {
      told.push(changes);
      for (const wake of waiting) wake();
    },
    onSeen: (atMs) => seenAtMs.push(atMs),
  });
  const watched: Watched = {
    watcher,
    told,
    seenAtMs,
    container: (name) => [...watcher.containers.values()].find((one) => one.name === name),
    until: (holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`Not told in 20 s; last: ${JSON.stringify(told.slice(-3))}`));
        }, 20_000);
        const look = () => {
          if (!holds(watched)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      await watcher[Symbol.asyncDispose]();
      await route[Symbol.asyncDispose]();
    },
  };
  return watched;
}
