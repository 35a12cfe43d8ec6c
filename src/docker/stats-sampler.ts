/**
 * Measures the containers of one engine within a budget: single readings, never a stream; four at a time, forty a second and two
 * hundred a pass at most, those that waited longest first. An engine that answers slowly is asked less by itself.
 */
import { Fault } from '../protocol/fault.ts';
import { monotonicMs } from '../protocol/monotonic.ts';
import type { ContainerSample } from '../protocol/sample.ts';
import { pause } from './deadline.ts';
import type { Engine } from './engine.ts';
import { type StatsReading, sampleOf } from './stats-words.ts';

export const MOST_IN_FLIGHT = 4;
/** A bigger engine is measured in turns. */
export const MOST_PER_PASS = 200;

const SPACING_MS = 25;
const SLOW_MS = 1_000;
/** Engines before 23 (API 1.42) may take a second for one reading, however idle they are. */
const SLOW_WHERE_IT_WAITS_MS = 2_500;
const MOST_PATIENCE = 8;

export interface SamplerOptions {
  readonly engine: Pick<Engine, 'stats'>;
  /** As the engine's facts have it; undefined while unknown. */
  apiVersion(): string | undefined;
  /** Hears of each new sample. */
  onSample?(sample: ContainerSample): void;
}

interface Known {
  reading: StatsReading | undefined;
  sample: ContainerSample | undefined;
  askedAtMs: number;
}

/** One engine's containers as they were measured last. */
export class StatsSampler {
  readonly #options: SamplerOptions;
  readonly #known = new Map<string, Known>();
  #width = MOST_IN_FLIGHT;
  #patience = 1;
  #inFlight = 0;
  #nextStartMs = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** How many times longer than usual to wait between passes: 1, doubling to 8 while the engine is slow. */
  get patience(): number {
    return this.#patience;
  }

  latest(id: string): ContainerSample | undefined {
    return this.#known.get(id)?.sample;
  }

  /** Whether the container was ever asked for. */
  wasAsked(id: string): boolean {
    return this.#known.has(id);
  }

  /** Forgets all other containers. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }

  /**
   * Measures those of the containers that are due, first the `wanted` ones; ends early when the engine is slow. Never rejects
   * but when the signal fires: what could not be measured has no newer sample.
   */
  async pass(
    ids: Iterable<string>,
    signal: AbortSignal,
    wanted: ReadonlySet<string> = NOBODY,
  ): Promise<void> {
    const rank = (id: string) => (wanted.has(id) ? 0 : 1);
    const asked = (id: string) => this.#known.get(id)?.askedAtMs ?? 0;
    const queue = [...ids]
      .sort((a, b) => rank(a) - rank(b) || asked(a) - asked(b))
      .slice(0, MOST_PER_PASS);
    let isSlow = false;
    const work = async (worker: number): Promise<void> => {
      while (!signal.aborted && !isSlow && worker < this.#width) {
        const id = queue.shift();
        if (id === undefined) return;
        await this.#spaced(signal);
        if (!signal.aborted && (await this.#measure(id, signal))) isSlow = true;
      }
    };
    await Promise.all(Array.from({ length: MOST_IN_FLIGHT }, (_, worker) => work(worker)));
    if (!signal.aborted) this.#judge(isSlow);
  }

  #judge(isSlow: boolean): void {
    this.#patience = isSlow
      ? Math.min(MOST_PATIENCE, this.#patience * 2)
      : Math.max(1, this.#patience / 2);
    this.#width = isSlow
      ? Math.max(1, this.#width >> 1)
      : Math.min(MOST_IN_FLIGHT, this.#width + 1);
  }

  async #spaced(signal: AbortSignal): Promise<void> {
    const nowMs = monotonicMs();
    const startMs = Math.max(nowMs, this.#nextStartMs);
    this.#nextStartMs = startMs + SPACING_MS;
    if (startMs > nowMs) await pause(startMs - nowMs, signal);
    // Passes may overlap: together they keep to the same number.
    while (this.#inFlight >= MOST_IN_FLIGHT && !signal.aborted) await pause(SPACING_MS, signal);
  }

  /** True when the engine took too long, or can't be reached. */
  async #measure(id: string, signal: AbortSignal): Promise<boolean> {
    const known = this.#known.get(id) ?? { reading: undefined, sample: undefined, askedAtMs: 0 };
    this.#known.set(id, known);
    const startMs = monotonicMs();
    known.askedAtMs = Date.now();
    this.#inFlight += 1;
    try {
      this.#take(id, known, await this.#options.engine.stats(id, signal));
    } catch (thrown) {
      known.sample = undefined;
      return !isAboutOne(thrown);
    } finally {
      this.#inFlight -= 1;
    }
    return monotonicMs() - startMs > this.#slowMs();
  }

  #take(id: string, known: Known, reading: StatsReading | undefined): void {
    known.sample = reading && sampleOf(id, reading, known.reading);
    known.reading = reading;
    if (known.sample) this.#options.onSample?.(known.sample);
  }

  #slowMs(): number {
    const minor = Number(/^1\.(\d+)/.exec(this.#options.apiVersion() ?? '')?.[1] ?? 0);
    return minor >= 42 ? SLOW_MS : SLOW_WHERE_IT_WAITS_MS;
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** The engine answered, but this container has no figures: removed, or stopped in that moment. */
function isAboutOne(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code !== 'unreachable' && thrown.code !== 'timeout';
}
