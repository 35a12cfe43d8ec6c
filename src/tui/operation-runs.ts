/** Sends operations to the hosts as they are handed in; whose turn it is was decided before. */
import type { Fleet } from '../client/fleet.ts';
import { containerKey } from '../protocol/container-key.ts';
import { asFault } from '../protocol/fault.ts';
import type { AppEvent } from './model/event.ts';
import type { PlannedOperation } from './model/job.ts';
import { RemovedContainers } from './removed-containers.ts';

export interface RunParts {
  readonly fleet: Fleet;
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

/** What is under way; each operation answers with `operation-ended`. */
export class OperationRuns implements Disposable {
  readonly #parts: RunParts;
  readonly #running = new Map<string, AbortController>();
  readonly #removed = new RemovedContainers();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Sends all of them; returns at once. */
  run(planned: readonly PlannedOperation[]): void {
    for (const one of planned) void this.#run(one);
  }

  /** Stops waiting for these; the hosts may still finish them. */
  cancel(operationIds: readonly string[]): void {
    for (const id of operationIds) this.#running.get(id)?.abort();
  }

  [Symbol.dispose](): void {
    this.cancel([...this.#running.keys()]);
  }

  async #run(planned: PlannedOperation): Promise<void> {
    const { send, now } = this.#parts;
    const { operationId, action } = planned.operation;
    const abort = new AbortController();
    this.#running.set(operationId, abort);
    try {
      const { isKept } = await this.#act(planned, abort.signal);
      send({ kind: 'operation-ended', operationId, outcome: 'done', isKept, atMs: now() });
    } catch (thrown) {
      const why = asFault(thrown, 'internal', `The ${action} failed.`).message;
      const outcome = abort.signal.aborted ? 'cancelled' : 'failed';
      send({ kind: 'operation-ended', operationId, outcome, why, atMs: now() });
    } finally {
      this.#running.delete(operationId);
    }
  }

  async #act({ operation, force }: PlannedOperation, signal: AbortSignal) {
    const { environmentId, containerId, action } = operation;
    const engine = this.#parts.fleet.engine(environmentId);
    const key = containerKey({ environmentId, id: containerId });
    if (action === 'recreate') {
      await this.#removed.recreate(engine, key, signal);
      return { isKept: false };
    }
    const isKept = action === 'remove' && (await this.#removed.keep(engine, key, signal));
    await engine.act(containerId, action, { force }, signal);
    return { isKept };
  }
}
