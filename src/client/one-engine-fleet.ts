/** A fleet of one environment (id 1), watched by this process itself: a local socket, or an agent without a server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../docker/engine.ts';
import type { EngineRoute } from '../docker/route.ts';
import { type EngineWatcher, watchEngine } from '../docker/watcher.ts';
import type { Container } from '../protocol/container.ts';
import type { Environment } from '../protocol/environment.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { BEAT_INTERVAL_MS } from '../protocol/feed-pace.ts';
import { backoffMs } from './backoff.ts';
import type { Fleet, FleetListener } from './fleet.ts';
import { type LocalFeed, localFeed } from './local-feed.ts';
import { LocalStats } from './local-stats.ts';

const ENVIRONMENT_ID = 1;

export interface OneEngine {
  readonly title: string;
  /** Shown until the engine has told its host's name. */
  readonly name: string;
  readonly kind: Environment['kind'];
  readonly route: EngineRoute;
  readonly engine: Engine;
  /** Asked before the engine is watched, again and again until it resolves; not at all when absent. */
  readonly check?: (signal: AbortSignal) => Promise<void>;
}

export interface CheckedFleet extends Fleet {
  /** Resolves when the source answers as it should, now; rejects with a Fault. Needs no watch(). */
  check(signal: AbortSignal): Promise<void>;
}

/** Faults that no retry heals: somebody has to do something first. */
function isFinal(fault: Fault): boolean {
  return fault.code === 'wrong-certificate' || fault.code === 'signature-refused';
}

/** The fleet of the route's engine; disposing it closes the route too. */
export function oneEngineFleet(source: OneEngine): CheckedFleet {
  const stop = new AbortController();
  let feed: LocalFeed | undefined;
  let watcher: EngineWatcher | undefined;
  let started: Promise<void> | undefined;
  const measured = new LocalStats({
    engine: source.engine,
    apiVersion: () => watcher?.environment.engine?.apiVersion,
  });
  const stats = (ids: readonly string[] | undefined, signal: AbortSignal) => {
    const known = watcher?.containers ?? new Map<string, Container>();
    measured.keepOnly(new Set(known.keys()));
    const running = [...known.values()].filter(({ state }) => state === 'running');
    return measured.stats(
      ids ?? running.map(({ id }) => id),
      AbortSignal.any([stop.signal, signal]),
    );
  };
  return {
    title: source.title,
    check: (signal) => (source.check ? source.check(signal) : source.engine.ping(signal)),
    watch(listener) {
      feed = localFeed({
        environment: initialEnvironment(source),
        send: (message) => listener.feed(message),
        beatIntervalMs: BEAT_INTERVAL_MS,
      });
      const opened = feed;
      started = checked(source, { listener, feed: opened, signal: stop.signal }).then((passed) => {
        if (!passed || stop.signal.aborted) return;
        listener.connection({ kind: 'live' });
        watcher = watchSource(source, opened);
      });
    },
    resync() {
      feed?.restart([...(watcher?.containers.values() ?? [])]);
      // An engine that is down is dialled now, not when its pause is over.
      void watcher?.check();
    },
    async judge(problemId, verdict) {
      if (feed?.judge(problemId, verdict)) return;
      throw new Fault('not-found', 'There is no such problem any more.');
    },
    engine: (environmentId) => onlyOne(source, environmentId).engine,
    route: (environmentId) => onlyOne(source, environmentId).route,
    stats: async (environmentId, ids, signal) => {
      onlyOne(source, environmentId);
      return await stats(ids, signal);
    },
    figures: async (signal) => [
      { environmentId: ENVIRONMENT_ID, figures: await stats(undefined, signal) },
    ],
    statsHistory: async (_environmentId, id) => measured.history(id),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await started;
      feed?.[Symbol.dispose]();
      await watcher?.[Symbol.asyncDispose]();
      await source.route[Symbol.asyncDispose]();
    },
  };
}

function onlyOne(source: OneEngine, environmentId: number): OneEngine {
  if (environmentId === ENVIRONMENT_ID) return source;
  throw new Fault('not-found', `There is no environment ${environmentId} in this fleet.`);
}

function initialEnvironment(source: OneEngine): Environment {
  return {
    id: ENVIRONMENT_ID,
    name: source.name,
    kind: source.kind,
    address: source.route.address,
    connection: 'connecting',
    sinceMs: Date.now(),
    reason: null,
    engine: null,
    lastSeenAtMs: null,
    tags: [],
  };
}

function watchSource(source: OneEngine, feed: LocalFeed): EngineWatcher {
  return watchEngine({
    environment: {
      id: ENVIRONMENT_ID,
      name: source.name,
      kind: source.kind,
      address: source.route.address,
    },
    engine: source.engine,
    onChanges: (changes) => feed.change(changes),
    onSeen: (atMs) => feed.seen(atMs),
  });
}

interface CheckRun {
  readonly listener: FleetListener;
  readonly feed: LocalFeed;
  readonly signal: AbortSignal;
}

function tellDown(feed: LocalFeed, reason: string): void {
  const before = feed.environment;
  const sinceMs = before.connection === 'down' ? before.sinceMs : Date.now();
  const environment = { ...before, connection: 'down' as const, sinceMs, reason };
  feed.change([{ kind: 'environment', environment }]);
}

/** True once the check has passed; false when it never will, or when the fleet is being closed. */
async function checked(source: OneEngine, run: CheckRun): Promise<boolean> {
  const { listener, feed, signal } = run;
  for (let attempt = 1; source.check; attempt += 1) {
    listener.connection({ kind: 'connecting', attempt });
    try {
      await source.check(signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const fault = asFault(error, 'internal', `Checking ${source.route.address} failed.`);
      tellDown(feed, fault.message);
      if (isFinal(fault)) {
        listener.connection({ kind: 'refused', reason: fault.message });
        return false;
      }
      const delayMs = backoffMs(attempt);
      listener.connection({
        kind: 'lost',
        reason: fault.message,
        retryAtMs: Date.now() + delayMs,
      });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
  }
  return true;
}
