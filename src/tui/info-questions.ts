/** What the console can tell of itself: files, terminal, memory, what it asks of whom, and versions that others tell. */
import { stat } from 'node:fs/promises';
import { configFolder } from '../client/config-folder.ts';
import type { Fleet } from '../client/fleet.ts';
import { configPath } from './config-file.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import type { HostTraffic, TerminalFacts } from './model/info-view.ts';
import { ownLogPath } from './own-log-file.ts';

export interface InfoParts {
  readonly fleet: Pick<Fleet, 'serverVersion' | 'linkStatus'>;
  readonly terminal: { stats(): Omit<TerminalFacts, 'name'> };
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
  readonly traffic?: (() => readonly HostTraffic[]) | undefined;
  readonly logFolder?: string | undefined;
}

const DEADLINE_MS = 10_000;

/** Answers at once with what is known; versions of others are asked for once and told with a later answer. */
export class InfoQuestions implements Disposable {
  readonly #parts: InfoParts;
  readonly #over = new AbortController();
  readonly #agents = new Map<number, string | undefined>();
  #serverVersion: string | undefined;
  #hasAsked = false;

  constructor(parts: InfoParts) {
    this.#parts = parts;
  }

  /** Returns at once and never throws. */
  readonly rows: EffectRows<'fetch-info'> = {
    'fetch-info': (effect) => {
      this.#askOthers(effect);
      void this.#tell(effect.requestId);
    },
  };

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  #askOthers({ agentsOf }: EffectOf<'fetch-info'>): void {
    const { fleet } = this.#parts;
    const signal = () => AbortSignal.any([this.#over.signal, AbortSignal.timeout(DEADLINE_MS)]);
    // Whoever does not answer is not told of: the view says elsewhere how its host fares.
    const silent = () => undefined;
    if (!this.#hasAsked) {
      this.#hasAsked = true;
      void fleet.serverVersion?.(signal()).then((version) => {
        this.#serverVersion = version;
      }, silent);
    }
    for (const id of agentsOf) {
      if (this.#agents.has(id) || !fleet.linkStatus) continue;
      this.#agents.set(id, undefined);
      void fleet.linkStatus(id, signal()).then(({ agentProduct }) => {
        if (agentProduct !== null) this.#agents.set(id, agentProduct);
      }, silent);
    }
  }

  async #tell(requestId: number): Promise<void> {
    const { terminal, send, now, traffic, logFolder } = this.#parts;
    const path = configPath(configFolder());
    const isConfigThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (this.#over.signal.aborted) return;
    const { rss, heapUsed } = process.memoryUsage();
    const agents = [...this.#agents].flatMap(([environmentId, product]) =>
      product === undefined ? [] : [{ environmentId, product }],
    );
    const facts = {
      ...{ configPath: path, isConfigThere },
      logPath: logFolder === undefined ? undefined : ownLogPath(logFolder),
      ...{ nodeVersion: process.version, processId: process.pid },
      ...{ residentBytes: rss, heapBytes: heapUsed, upMs: performance.now() },
      terminal: { ...terminal.stats(), name: process.env.TERM ?? '' },
      ...{ traffic: traffic?.() ?? [], serverVersion: this.#serverVersion, agents },
    };
    send({ kind: 'info-read', requestId, facts, atMs: now() });
  }
}
