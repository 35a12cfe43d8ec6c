/** What the console asks about use: CPU and memory in lists, one container over time, its processes. One of each at a time. */
import type { Fleet } from '../client/fleet.ts';
import type { ContainerKey } from '../protocol/container-key.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import type { ToldFigure } from './model/figures.ts';
import { containerIdOf, environmentIdOf } from './model/live-fleet.ts';

export interface StatsQuestionParts {
  readonly fleet: Pick<Fleet, 'engine' | 'stats' | 'figures' | 'statsHistory' | 'title'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

type StatsQuestion =
  | 'fetch-figures'
  | 'stop-figures'
  | 'fetch-metrics'
  | 'stop-metrics'
  | 'fetch-processes'
  | 'stop-processes';

/** Asks and tells the answers as events; disposing of it gives up what is under way. */
export class StatsQuestions implements Disposable {
  readonly #parts: StatsQuestionParts;
  #figures = new AbortController();
  #metrics = new AbortController();
  #processes = new AbortController();

  constructor(parts: StatsQuestionParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<StatsQuestion> = {
    'fetch-figures': (effect) => this.#fetchFigures(effect),
    'stop-figures': () => this.#figures.abort(),
    'fetch-metrics': (effect) => this.#fetchMetrics(effect),
    'stop-metrics': () => this.#metrics.abort(),
    'fetch-processes': (effect) => this.#fetchProcesses(effect),
    'stop-processes': () => this.#processes.abort(),
  };

  [Symbol.dispose](): void {
    this.#figures.abort();
    this.#metrics.abort();
    this.#processes.abort();
  }

  #fetchMetrics({ requestId, key, withHistory }: EffectOf<'fetch-metrics'>): void {
    this.#metrics.abort();
    this.#metrics = new AbortController();
    const { signal } = this.#metrics;
    const { send, now } = this.#parts;
    const told = this.#measured(key, withHistory, signal).catch((thrown: unknown) => ({
      why: sentence(thrown),
    }));
    void told.then((answer) => {
      if (!signal.aborted) send({ kind: 'metrics', requestId, answer, atMs: now() });
    });
  }

  /** The sample first: a fleet that measures by itself has that one in its history then. */
  async #measured(key: ContainerKey, withHistory: boolean, signal: AbortSignal) {
    const { fleet } = this.#parts;
    const [environmentId, id] = [environmentIdOf(key), containerIdOf(key)];
    if (fleet.stats === undefined) throw unmeasured(fleet.title);
    const [sample] = await fleet.stats(environmentId, [id], signal);
    const history = withHistory ? await fleet.statsHistory?.(environmentId, id, signal) : undefined;
    return { sample, history };
  }

  #fetchProcesses({ requestId, key }: EffectOf<'fetch-processes'>): void {
    this.#processes.abort();
    this.#processes = new AbortController();
    const { signal } = this.#processes;
    const { send, now } = this.#parts;
    const told = this.#listed(key, signal).catch((thrown: unknown) => ({
      why: asFault(thrown, 'internal', 'The processes could not be listed.').message,
    }));
    void told.then((answer) => {
      if (!signal.aborted) send({ kind: 'processes', requestId, answer, atMs: now() });
    });
  }

  async #listed(key: ContainerKey, signal: AbortSignal) {
    return await this.#parts.fleet.engine(environmentIdOf(key)).top(containerIdOf(key), signal);
  }

  #fetchFigures({ requestId, wish }: EffectOf<'fetch-figures'>): void {
    this.#figures.abort();
    this.#figures = new AbortController();
    const { signal } = this.#figures;
    const { send, now } = this.#parts;
    const asked = wish.kind === 'all' ? this.#all(signal) : this.#some(wish.keys, signal);
    const told = asked.catch((thrown: unknown) => ({ why: sentence(thrown) }));
    void told.then((answer) => {
      if (!signal.aborted) send({ kind: 'figures', requestId, answer, atMs: now() });
    });
  }

  async #all(signal: AbortSignal): Promise<readonly ToldFigure[]> {
    const { fleet } = this.#parts;
    if (fleet.figures === undefined) throw unmeasured(fleet.title);
    const told = await fleet.figures(signal);
    return told.flatMap(({ environmentId, figures }) =>
      figures.map((figure): ToldFigure => [`${environmentId}/${figure.id}`, figure]),
    );
  }

  /** An environment that fails has no figures; only when all do is that an answer of its own. */
  async #some(keys: readonly ToldFigure[0][], signal: AbortSignal): Promise<readonly ToldFigure[]> {
    const { fleet } = this.#parts;
    if (fleet.stats === undefined) throw unmeasured(fleet.title);
    const byEnvironment = new Map<number, string[]>();
    for (const key of keys) {
      const id = environmentIdOf(key);
      byEnvironment.set(id, [...(byEnvironment.get(id) ?? []), containerIdOf(key)]);
    }
    const asked = [...byEnvironment].map(async ([id, ids]) => {
      const samples = (await fleet.stats?.(id, ids, signal)) ?? [];
      return samples.map((sample): ToldFigure => [`${id}/${sample.id}`, sample]);
    });
    const told = await Promise.allSettled(asked);
    const [failed] = told.filter((one) => one.status === 'rejected');
    if (failed && told.every((one) => one.status === 'rejected')) throw failed.reason;
    return told.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }
}

function unmeasured(title: string): Fault {
  return new Fault('not-found', `${title} does not say what containers use.`);
}

function sentence(thrown: unknown): string {
  return asFault(thrown, 'internal', 'CPU and memory could not be asked for.').message;
}
