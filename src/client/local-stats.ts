/** What a console without a server measures by itself: only the containers it is asked about, only when it is asked. */
import { pause } from '../docker/deadline.ts';
import type { Engine } from '../docker/engine.ts';
import { SampleHistory } from '../docker/sample-history.ts';
import { StatsSampler } from '../docker/stats-sampler.ts';
import type { ContainerSample, SamplePoint } from '../protocol/sample.ts';

/** A sample this young is good enough. */
const FRESH_MS = 2_000;
/** Rates take two readings; the second one follows after this. */
const BETWEEN_READINGS_MS = 1_000;
const MOST_POINTS = 100_000;

export interface LocalStatsOptions {
  readonly engine: Pick<Engine, 'stats'>;
  apiVersion(): string | undefined;
}

/** One engine's figures, with what was seen of them while it lived. */
export class LocalStats {
  readonly #sampler: StatsSampler;
  readonly #history = new SampleHistory(MOST_POINTS);

  constructor({ engine, apiVersion }: LocalStatsOptions) {
    this.#sampler = new StatsSampler({
      engine,
      apiVersion,
      onSample: (sample) => this.#history.add(sample.id, sample),
    });
  }

  /** Samples of those that run; one measured for the first time is measured twice, a second apart. */
  async stats(ids: readonly string[], signal: AbortSignal): Promise<readonly ContainerSample[]> {
    const due = ids.filter((id) => !this.#isFresh(id));
    await this.#sampler.pass(due, signal);
    const half = due.filter((id) => this.#sampler.latest(id)?.cpuCores === null);
    if (half.length > 0) {
      await pause(BETWEEN_READINGS_MS, signal);
      await this.#sampler.pass(half, signal);
    }
    return ids.flatMap((id) => this.#sampler.latest(id) ?? []);
  }

  history(id: string): readonly SamplePoint[] {
    return this.#history.points(id);
  }

  /** Forgets all containers but these. */
  keepOnly(ids: ReadonlySet<string>): void {
    this.#sampler.keepOnly(ids);
    this.#history.forget((id) => !ids.has(id));
  }

  #isFresh(id: string): boolean {
    const sample = this.#sampler.latest(id);
    return sample !== undefined && Date.now() - sample.atMs < FRESH_MS;
  }
}
