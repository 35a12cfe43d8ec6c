/** Sends operations to the hosts, a few at a time in each environment: a slow host delays nobody else's. */
import type { Fleet } from '../client/fleet.ts';
import { asFault } from '../protocol/fault.ts';
import type { AppEvent } from './model/event.ts';
import type { PlannedOperation } from './model/job.ts';

/** Operations under way at once in one environment. */
const LANE_WIDTH = 2;

export interface LaneParts {
  readonly fleet: Fleet;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

interface Lane {
  readonly waiting: PlannedOperation[];
  running: number;
}

/** One lane per environment; each operation answers with `operation-began` and `operation-ended`. */
export class OperationLanes {
  readonly #parts: LaneParts;
  readonly #lanes = new Map<number, Lane>();
  #abort = new AbortController();

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  /** Puts operations into the lanes of their environments; returns at once. */
  add(planned: readonly PlannedOperation[]): void {
    for (const one of planned) {
      const { environmentId } = one.operation;
      const lane = this.#lanes.get(environmentId) ?? { waiting: [], running: 0 };
      this.#lanes.set(environmentId, lane);
      lane.waiting.push(one);
    }
    for (const lane of this.#lanes.values()) this.#advance(lane);
  }

  /** Drops what waits and stops waiting for what is under way; the hosts may still finish that. */
  cancel(): void {
    const { send, now } = this.#parts;
    for (const lane of this.#lanes.values()) {
      for (const { operation } of lane.waiting.splice(0)) {
        const { operationId } = operation;
        send({ kind: 'operation-ended', operationId, outcome: 'cancelled', atMs: now() });
      }
    }
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  #advance(lane: Lane): void {
    while (lane.running < LANE_WIDTH) {
      const next = lane.waiting.shift();
      if (!next) return;
      lane.running++;
      void this.#run(next, this.#abort.signal).finally(() => {
        lane.running--;
        this.#advance(lane);
      });
    }
  }

  async #run({ operation, force }: PlannedOperation, signal: AbortSignal): Promise<void> {
    const { fleet, send, now } = this.#parts;
    const { operationId, environmentId, containerId, action } = operation;
    send({ kind: 'operation-began', operationId, atMs: now() });
    try {
      await fleet.engine(environmentId).act(containerId, action, { force }, signal);
      send({ kind: 'operation-ended', operationId, outcome: 'done', atMs: now() });
    } catch (thrown) {
      const why = asFault(thrown, 'internal', `The ${action} failed.`).message;
      const outcome = signal.aborted ? 'cancelled' : 'failed';
      send({ kind: 'operation-ended', operationId, outcome, why, atMs: now() });
    }
  }
}
