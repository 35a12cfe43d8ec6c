/** Asks an engine and, where there is one, the server's audit trail what they remember of an object. */
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import type { EffectOf, EffectRows } from './effect-rows.ts';
import { rememberedEvents } from './model/engine-memory.ts';
import type { AppEvent } from './model/event.ts';
import type { FleetEvent } from './model/fleet-event.ts';
import { trailEvents } from './model/trail-memory.ts';

export interface HistoryParts {
  readonly fleet: Pick<Fleet, 'engine' | 'audit'>;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** Asks for one object at a time; disposing of it gives up what is under way. */
export class HistoryQuestions implements Disposable {
  readonly #parts: HistoryParts;
  #asking = new AbortController();

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** Each returns at once and never throws. */
  readonly rows: EffectRows<'fetch-history' | 'stop-history'> = {
    'fetch-history': (effect) => this.#fetch(effect),
    'stop-history': () => this.#asking.abort(),
  };

  [Symbol.dispose](): void {
    this.#asking.abort();
  }

  #fetch(effect: EffectOf<'fetch-history'>): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    void this.#tell(effect, 'engine', this.#ofEngine(effect, signal), signal);
    if (effect.hasTrail) void this.#tell(effect, 'server', this.#ofServer(effect, signal), signal);
  }

  async #tell(
    { requestId }: EffectOf<'fetch-history'>,
    part: 'engine' | 'server',
    asked: Promise<readonly FleetEvent[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const { send, now } = this.#parts;
    const answer = await asked.then(
      (events) => ({ events }),
      (thrown: unknown) => ({
        why: asFault(thrown, 'internal', `The ${part} could not be asked.`).message,
      }),
    );
    if (!signal.aborted) send({ kind: 'history-told', requestId, part, answer, atMs: now() });
  }

  /** A server that keeps no trail remembers nothing. */
  async #ofServer(
    { environmentId, containerId, name }: EffectOf<'fetch-history'>,
    signal: AbortSignal,
  ): Promise<readonly FleetEvent[]> {
    const wish = { narrowing: { environmentId }, before: undefined };
    const page = await this.#parts.fleet.audit?.(wish, signal);
    return trailEvents(page?.rows.toReversed() ?? [], { environmentId, containerId, name });
  }

  async #ofEngine(
    { environmentId, containerId, name }: EffectOf<'fetch-history'>,
    signal: AbortSignal,
  ): Promise<readonly FleetEvent[]> {
    const past = await this.#parts.fleet.engine(environmentId).past(containerId, signal);
    return rememberedEvents(environmentId, past, (id) => (id === containerId ? name : undefined));
  }
}
