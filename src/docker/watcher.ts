/**
 * The one live truth about an engine: its connection and its containers, as changes. An engine that goes away is a state
 * ("down", with a reason), never an error; the watcher dials again for ever, until it is disposed.
 */
import type { ContainerInfo } from 'dockerode';
import type { Container } from '../protocol/container.ts';
import type { EngineFacts, Environment } from '../protocol/environment.ts';
import type { Change } from '../protocol/feed.ts';
import { monotonicMs } from '../protocol/monotonic.ts';
import { ContainerBook } from './container-book.ts';
import { pause } from './deadline.ts';
import type { Engine } from './engine.ts';
import { EngineSession, type WatchPace } from './engine-session.ts';

export interface WatchOptions {
  readonly environment: Pick<Environment, 'id' | 'name' | 'kind' | 'address'>;
  readonly engine: Engine;
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number;
  /** From 0 to 1, spreads the redials of many watchers; Math.random by default. */
  readonly random?: () => number;
  readonly pace?: Partial<WatchPace>;
  /** Called with at least one change, in order, never during watchEngine() itself. */
  onChanges(changes: readonly Change[]): void;
  /** The engine proved at this time that it is alive. */
  onSeen(atMs: number): void;
}

export interface EngineWatcher extends AsyncDisposable {
  readonly environment: Environment;
  /** As last listed; kept while the environment is down. */
  readonly containers: ReadonlyMap<string, Container>;
  /** Fires when the environment is next declared down. */
  downSignal(): AbortSignal;
  /** A heartbeat now, or a dial now while it is down; resolves when the outcome is known. Never rejects. */
  check(): Promise<void>;
}

const PACE: WatchPace = {
  heartbeatMs: 10_000,
  gatherMs: 50,
  fullListMs: 300_000,
  redialFromMs: 500,
  redialToMs: 30_000,
};

/** A connection that lived this long was sound: the next redial starts from the shortest delay. */
const SOUND_MS = 5_000;

/** Starts watching at once. */
export function watchEngine(options: WatchOptions): EngineWatcher {
  return new Watcher(options);
}

class Watcher implements EngineWatcher {
  readonly #options: WatchOptions;
  readonly #pace: WatchPace;
  readonly #book: ContainerBook;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #environment: Environment;
  #down = new AbortController();
  #session: EngineSession;
  /** Cuts the pause before a redial short. */
  #redial: () => void = () => {};
  #outcome = deferred();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
    this.#book = new ContainerBook(options.environment.id);
    this.#environment = {
      ...options.environment,
      connection: 'connecting',
      sinceMs: this.#now(),
      reason: null,
      engine: null,
      lastSeenAtMs: null,
      tags: [],
    };
    this.#session = this.#newSession();
    this.#running = this.#run();
  }

  get environment(): Environment {
    return this.#environment;
  }

  get containers(): ReadonlyMap<string, Container> {
    return this.#book.containers;
  }

  downSignal(): AbortSignal {
    return this.#down.signal;
  }

  async check(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (this.#environment.connection === 'up' && !this.#session.isOver) return this.#session.beat();
    this.#redial();
    return this.#outcome.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#outcome.resolve();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    // Lets the caller have its watcher before the first change.
    await Promise.resolve();
    let attempt = 0;
    while (!signal.aborted) {
      const startMs = monotonicMs();
      const fault = await this.#session.run(signal);
      if (!fault) return;
      if (monotonicMs() - startMs >= SOUND_MS) attempt = 0;
      if (!(await this.#isStillUp())) this.#setDown(fault.message);
      if (signal.aborted) return;
      this.#outcome.resolve();
      this.#outcome = deferred();
      await this.#pauseBeforeRedial(attempt);
      attempt += 1;
      this.#session = this.#newSession();
    }
  }

  /** Whether only the event stream broke: then the engine is asked once more before it is called down. */
  async #isStillUp(): Promise<boolean> {
    if (this.#environment.connection !== 'up') return false;
    try {
      await this.#options.engine.ping(this.#stop.signal);
      this.#seen();
      return true;
    } catch {
      return this.#stop.signal.aborted;
    }
  }

  async #pauseBeforeRedial(attempt: number): Promise<void> {
    const { redialFromMs, redialToMs } = this.#pace;
    const longestMs = Math.min(redialToMs, redialFromMs * 2 ** Math.min(attempt, 16));
    const random = this.#options.random ?? Math.random;
    const cut = new AbortController();
    this.#redial = () => cut.abort();
    const stop = () => cut.abort();
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    await pause(longestMs * (0.5 + random() / 2), cut.signal);
    this.#stop.signal.removeEventListener('abort', stop);
    this.#redial = () => {};
  }

  #newSession(): EngineSession {
    const hooks = {
      up: (facts: EngineFacts, infos: readonly ContainerInfo[]) => this.#setUp(facts, infos),
      event: this.#book.note.bind(this.#book),
      listed: (infos: readonly ContainerInfo[], ids: readonly string[] | undefined) =>
        this.#publish(this.#book.merge(infos, ids, this.#now())),
      seen: () => this.#seen(),
    };
    return new EngineSession(this.#options.engine, hooks, this.#pace);
  }

  #setUp(facts: EngineFacts, infos: readonly ContainerInfo[]): void {
    const before = this.#environment;
    const wasUp = before.connection === 'up';
    const sinceMs = wasUp ? before.sinceMs : this.#now();
    this.#environment = { ...before, connection: 'up', sinceMs, reason: null, engine: facts };
    const containers = this.#book.replace(infos, this.#now());
    this.#publish([
      { kind: 'environment', environment: this.#environment },
      { kind: 'containers', environmentId: before.id, containers },
    ]);
    this.#outcome.resolve();
  }

  #setDown(reason: string): void {
    const before = this.#environment;
    if (before.connection === 'down' && before.reason === reason) return;
    const wasDown = before.connection === 'down';
    const sinceMs = wasDown ? before.sinceMs : this.#now();
    this.#environment = { ...before, connection: 'down', sinceMs, reason };
    this.#publish([{ kind: 'environment', environment: this.#environment }]);
    if (wasDown) return;
    const down = this.#down;
    this.#down = new AbortController();
    down.abort();
  }

  #seen(): void {
    if (this.#stop.signal.aborted) return;
    const atMs = this.#now();
    this.#environment = { ...this.#environment, lastSeenAtMs: atMs };
    this.#options.onSeen(atMs);
  }

  #publish(changes: readonly Change[]): void {
    if (changes.length > 0 && !this.#stop.signal.aborted) this.#options.onChanges(changes);
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)();
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): Deferred {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
