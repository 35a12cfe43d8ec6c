/**
 * Measures every environment that is up, each at the same pace with its own sampler, a few at a time, and keeps what was found:
 * the latest of each container, an hour of history, and for the feed one load per environment.
 */
import type { Logger } from 'pino';
import { dockerodeEngine } from '../../docker/dockerode-engine.ts';
import type { EngineRoute } from '../../docker/route.ts';
import type { SampleHistory } from '../../docker/sample-history.ts';
import { StatsSampler } from '../../docker/stats-sampler.ts';
import type { Container } from '../../protocol/container.ts';
import type { ContainerSample, SampleFigures, SamplePoint } from '../../protocol/sample.ts';
import type { LiveModel } from './live-model.ts';
import { loadOf } from './load-of.ts';
import type { Supervisor } from './supervisor.ts';

export const STATS_PACE_MS = 10_000;

/** Engines that are being measured at one moment, and so at most four times as many questions. */
const MOST_PASSES = 16;
const LOOKS_PER_PACE = 10;
const SECOND_PASS_MS = 2_000;
/** For how long a container that a console asked for goes before the others of its engine. */
const WANTED_FOR_MS = 30_000;
const MOST_WANTED = 200;
/** A pass that takes longer is given up. */
const PASS_DEADLINE_MS = 60_000;

export interface SamplerParts {
  readonly supervisor: Pick<Supervisor, 'get'>;
  readonly model: LiveModel;
  readonly history: SampleHistory;
  readonly log: Logger;
  /** From one pass over an environment to the next, milliseconds; 0 measures nothing by itself. */
  readonly paceMs: number;
  readonly now: () => number;
}

interface Entry {
  readonly route: EngineRoute;
  readonly sampler: StatsSampler;
  /** This and `dueAtMs` by the clock that nobody sets: a date put back must not stop the measuring. */
  readonly wantedUntilMs: Map<string, number>;
  /** Containers with a history. */
  readonly kept: Set<string>;
  dueAtMs: number;
  isMeasuring: boolean;
  hasBegun: boolean;
}

/** All environments' samplers; disposing stops them. */
export class Samplers implements Disposable {
  readonly #parts: SamplerParts;
  readonly #entries = new Map<number, Entry>();
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  #passes = 0;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    if (parts.paceMs === 0) return;
    const lookMs = Math.max(50, parts.paceMs / LOOKS_PER_PACE);
    this.#timer = setInterval(() => this.#look(), lookMs).unref();
  }

  /** The latest samples of these containers, or of all; those asked for by id are measured first from now on. */
  latest(environmentId: number, ids: readonly string[] | undefined): readonly ContainerSample[] {
    const entry = this.#entries.get(environmentId);
    if (entry === undefined) return [];
    if (ids !== undefined) this.#want(entry, ids);
    const asked = ids ?? this.#running(environmentId);
    return asked.flatMap((id) => entry.sampler.latest(id) ?? []);
  }

  /** What lists sort by, of all containers of an environment. */
  figures(environmentId: number): readonly SampleFigures[] {
    return this.latest(environmentId, undefined).map(({ id, atMs, cpuCores, memoryBytes }) => ({
      id,
      atMs,
      cpuCores,
      memoryBytes,
    }));
  }

  history(environmentId: number, id: string): readonly SamplePoint[] {
    return this.#parts.history.points(`${environmentId}/${id}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  #want(entry: Entry, ids: readonly string[]): void {
    const nowMs = performance.now();
    const { wantedUntilMs } = entry;
    for (const [id, untilMs] of wantedUntilMs) if (untilMs < nowMs) wantedUntilMs.delete(id);
    for (const id of ids) {
      if (wantedUntilMs.size >= MOST_WANTED) return;
      wantedUntilMs.set(id, nowMs + WANTED_FOR_MS);
    }
  }

  #running(environmentId: number): string[] {
    const isRunning = ({ state }: Container) => state === 'running' || state === 'paused';
    return [...this.#parts.model.containersOf(environmentId)].filter(isRunning).map(({ id }) => id);
  }

  /** Starts the passes that are due, as far as there is room; who has had a turn goes to the end of the line. */
  #look(): void {
    const nowMs = performance.now();
    this.#matchModel();
    for (const [id, entry] of this.#due(nowMs)) {
      // Rates take two readings: the second one comes soon.
      const { paceMs } = this.#parts;
      const waitMs = entry.hasBegun ? paceMs : Math.min(SECOND_PASS_MS, paceMs);
      entry.hasBegun = true;
      entry.dueAtMs = nowMs + waitMs * entry.sampler.patience;
      this.#entries.delete(id);
      this.#entries.set(id, entry);
      void this.#pass(id, entry);
    }
  }

  /** Ends with the first that there is no more room for: of thousands few are looked at. */
  #due(nowMs: number): [number, Entry][] {
    const room = MOST_PASSES - this.#passes;
    const due: [number, Entry][] = [];
    for (const [id, { isMeasuring, dueAtMs }] of this.#entries) {
      if (due.length >= room) break;
      if (isMeasuring || dueAtMs > nowMs) continue;
      if (this.#parts.model.environment(id)?.connection !== 'up') continue;
      const entry = this.#entryOf(id);
      if (entry && entry.dueAtMs <= nowMs) due.push([id, entry]);
    }
    return due;
  }

  #matchModel(): void {
    const { model } = this.#parts;
    for (const id of this.#entries.keys()) if (!model.environment(id)) this.#forget(id);
    for (const { id, connection } of model.environments()) {
      if (connection === 'up' && !this.#entries.has(id)) this.#entryOf(id);
    }
  }

  #entryOf(id: number): Entry | undefined {
    const { supervisor, model, history, paceMs } = this.#parts;
    let route: EngineRoute;
    try {
      ({ route } = supervisor.get(id));
    } catch {
      // It is being removed or changed in this moment.
      return undefined;
    }
    const known = this.#entries.get(id);
    if (known?.route === route) return known;
    const kept = known?.kept ?? new Set<string>();
    const sampler = new StatsSampler({
      engine: dockerodeEngine(route),
      apiVersion: () => model.environment(id)?.engine?.apiVersion,
      onSample: (sample) => {
        // What was forgotten in the middle of a pass stays forgotten.
        if (this.#entries.get(id)?.kept !== kept) return;
        kept.add(sample.id);
        history.add(`${id}/${sample.id}`, sample);
      },
    });
    // Spread over the pace, so that not all engines are asked in one moment.
    const dueAtMs = performance.now() + ((id * 7919) % LOOKS_PER_PACE) * (paceMs / LOOKS_PER_PACE);
    const entry = {
      route,
      sampler,
      wantedUntilMs: new Map(),
      kept,
      dueAtMs,
      isMeasuring: false,
      hasBegun: false,
    };
    this.#entries.set(id, entry);
    return entry;
  }

  #forget(id: number): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (entry) this.#dropHistory(id, entry, new Set());
  }

  /** Of containers that are no longer known. */
  #dropHistory(id: number, { kept }: Entry, known: ReadonlySet<string>): void {
    for (const container of kept) {
      if (known.has(container)) continue;
      kept.delete(container);
      this.#parts.history.drop(`${id}/${container}`);
    }
  }

  async #pass(id: number, entry: Entry): Promise<void> {
    const { model, log, now } = this.#parts;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(PASS_DEADLINE_MS)]);
    entry.isMeasuring = true;
    this.#passes += 1;
    try {
      const ids = this.#running(id);
      const known = new Set([...model.containersOf(id)].map((container) => container.id));
      entry.sampler.keepOnly(new Set(ids));
      this.#dropHistory(id, entry, known);
      await entry.sampler.pass(ids, signal, this.#wanted(entry));
      // Of a big engine nothing is told before each container had its first turn.
      if (signal.aborted || !ids.every((each) => entry.sampler.wasAsked(each))) return;
      const samples = ids.flatMap((each) => entry.sampler.latest(each) ?? []);
      const load = loadOf({ environment: model.environment(id), samples, nowMs: now() });
      if (load) model.apply([{ kind: 'load', load }]);
    } catch (thrown) {
      if (!this.#stop.signal.aborted)
        log.error({ err: thrown, environment: id }, 'measuring an environment failed');
    } finally {
      entry.isMeasuring = false;
      this.#passes -= 1;
    }
  }

  #wanted({ wantedUntilMs }: Entry): ReadonlySet<string> {
    const nowMs = performance.now();
    return new Set([...wantedUntilMs].filter(([, untilMs]) => untilMs >= nowMs).map(([id]) => id));
  }
}
