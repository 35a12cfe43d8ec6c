/**
 * One connection to an engine that is watched: subscribes to its events first, then lists, then lists again only what
 * events touched. A genuine Portainer agent holds back the head of the event stream until some kilobytes are due; then
 * the heartbeat lists everything instead.
 */
import type { ContainerInfo } from 'dockerode';
import type { EngineFacts } from '../protocol/environment.ts';
import { Fault } from '../protocol/fault.ts';
import { monotonicMs } from '../protocol/monotonic.ts';
import { pause } from './deadline.ts';
import type { Engine, EngineEvent } from './engine.ts';
import { TouchedIds } from './touched-ids.ts';

/** The times a watcher keeps, in milliseconds; tests shorten them. */
export interface WatchPace {
  readonly heartbeatMs: number;
  /** For how long touched containers are gathered before they are listed. */
  readonly gatherMs: number;
  readonly fullListMs: number;
  readonly redialFromMs: number;
  readonly redialToMs: number;
}

export interface SessionHooks {
  up(facts: EngineFacts, infos: readonly ContainerInfo[]): void;
  event(event: EngineEvent): void;
  /** The containers with `ids` (undefined: all) as the engine lists them now. */
  listed(infos: readonly ContainerInfo[], ids: readonly string[] | undefined): void;
  /** The engine has just proved that it is alive. */
  seen(): void;
}

const EVENTS_OPEN_MS = 2_000;
const MISSED_LIMIT = 2;
const LIST_RETRY_MS = 1_000;
/** A list must not take more than a third of an engine's time. */
const REST_PER_LIST = 2;
const REST_LIMIT_MS = 1_000;

export class EngineSession {
  readonly #engine: Engine;
  readonly #hooks: SessionHooks;
  readonly #pace: WatchPace;
  readonly #touched = new TouchedIds();
  readonly #end = new AbortController();
  #missed = 0;
  #isPolling = false;
  #lastListMs = 0;
  #beating: Promise<void> | undefined;
  #fail: (fault: Fault) => void = () => {};
  readonly #failed: Promise<never>;

  constructor(engine: Engine, hooks: SessionHooks, pace: WatchPace) {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#pace = pace;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
  }

  /** Lives until the connection is lost; resolves with the reason, or undefined once `signal` fired. Called once. */
  async run(signal: AbortSignal): Promise<Fault | undefined> {
    const stop = () => this.#end.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.race([this.#live(this.#end.signal), this.#failed]);
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      // An Engine rejects with Faults only: anything else is a bug of ours, and is not handled here.
      if (error instanceof Fault) return error;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** Whether run() has ended, or is about to. */
  get isOver(): boolean {
    return this.#end.signal.aborted;
  }

  /** A heartbeat now; resolves when it was answered or missed. The second miss in a row ends the session. */
  beat(): Promise<void> {
    this.#beating ??= this.#ping().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  async #live(signal: AbortSignal): Promise<void> {
    // First what fails soonest when the engine hangs.
    await this.#engine.ping(signal);
    const facts = await this.#engine.facts(signal);
    const events = this.#subscribe(signal);
    const isOpen = await Promise.race([
      events.opened.then(() => true),
      events.broken,
      pause(EVENTS_OPEN_MS, signal).then(() => false),
    ]);
    this.#isPolling = !isOpen;
    const infos = await Promise.race([this.#engine.list(undefined, signal), events.broken]);
    if (signal.aborted) return;
    this.#hooks.seen();
    this.#hooks.up(facts, infos);
    await Promise.race([events.broken, this.#keepListing(signal), this.#keepBeating(signal)]);
  }

  /** `broken` rejects when the stream does and stays pending when the session ends. */
  #subscribe(signal: AbortSignal): { opened: Promise<void>; broken: Promise<never> } {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const broken = new Promise<never>((_, reject) => {
      this.#readEvents(signal, open).catch(reject);
    });
    broken.catch(() => undefined);
    return { opened, broken };
  }

  async #readEvents(signal: AbortSignal, open: () => void): Promise<void> {
    for await (const event of this.#engine.events(signal, open)) {
      this.#hooks.seen();
      this.#hooks.event(event);
      this.#touched.add(event.containerId);
    }
  }

  async #keepListing(signal: AbortSignal): Promise<void> {
    let fullAtMs = monotonicMs() + this.#pace.fullListMs;
    while (!signal.aborted) {
      await this.#touched.wait(fullAtMs - monotonicMs(), signal);
      await pause(this.#gatherMs(), signal);
      if (signal.aborted) return;
      if (monotonicMs() >= fullAtMs) this.#touched.addAll();
      const ids = this.#touched.take();
      const isListed = await this.#list(ids, signal);
      if (isListed && ids === undefined) fullAtMs = monotonicMs() + this.#pace.fullListMs;
    }
  }

  #gatherMs(): number {
    const restMs = Math.min(REST_LIMIT_MS, REST_PER_LIST * this.#lastListMs);
    return Math.max(this.#pace.gatherMs, restMs);
  }

  async #list(ids: readonly string[] | undefined, signal: AbortSignal): Promise<boolean> {
    const startMs = monotonicMs();
    try {
      const infos = await this.#engine.list(ids, signal);
      if (signal.aborted) return false;
      this.#hooks.seen();
      this.#hooks.listed(infos, ids);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (signal.aborted) return false;
      if (ids) for (const id of ids) this.#touched.add(id);
      else this.#touched.addAll();
      await this.beat();
      await pause(LIST_RETRY_MS, signal);
      return false;
    } finally {
      this.#lastListMs = monotonicMs() - startMs;
    }
  }

  async #keepBeating(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(this.#pace.heartbeatMs, signal);
      if (signal.aborted) return;
      if (this.#isPolling) this.#touched.addAll();
      await this.beat();
    }
  }

  async #ping(): Promise<void> {
    try {
      await this.#engine.ping(this.#end.signal);
      this.#missed = 0;
      this.#hooks.seen();
    } catch (error) {
      if (this.#end.signal.aborted) return;
      if (!(error instanceof Fault)) throw error;
      this.#missed += 1;
      if (this.#missed < MISSED_LIMIT) return;
      this.#fail(error);
    }
  }
}
