/** Who works on which environment: kept in the store, so that a restart ends nothing, and over by itself when its time is. */
import type { Logger } from 'pino';
import type { Maintenance } from '../../protocol/maintenance.ts';
import type { MaintenanceWish } from '../../protocol/maintenance-wish.ts';
import type { MaintenanceStore } from '../store/store.ts';

const LOOK_MS = 1_000;

export interface MaintenanceParts {
  readonly store: MaintenanceStore;
  readonly log: Logger;
  readonly now: () => number;
}

/** Disposing ends the watch over the time. */
export class MaintenanceBook implements Disposable {
  readonly #parts: MaintenanceParts;
  readonly #known: Map<number, Maintenance>;
  readonly #timer: NodeJS.Timeout;
  #tell: (environmentId: number) => void = () => undefined;
  /** One change after the other: what ends now must not take away in the store what begins anew at this moment. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(parts: MaintenanceParts, known: Map<number, Maintenance>) {
    this.#parts = parts;
    this.#known = known;
    this.#timer = setInterval(() => this.#endWhatIsOver(), LOOK_MS).unref();
  }

  static async open(parts: MaintenanceParts): Promise<MaintenanceBook> {
    const rows = await parts.store.list();
    const known = rows.map(
      ({ environmentId, maintenance }) => [environmentId, maintenance] as const,
    );
    return new MaintenanceBook(parts, new Map(known));
  }

  /** Undefined while nobody works on it. */
  of(environmentId: number): Maintenance | undefined {
    const known = this.#known.get(environmentId);
    return known && known.untilMs > this.#parts.now() ? known : undefined;
  }

  /** Sets who hears of every environment whose maintenance begins, changes or ends. */
  whenChanged(tell: (environmentId: number) => void): void {
    this.#tell = tell;
  }

  /** Begins, or goes on with another end and reason; the environment must be there. */
  begin(environmentId: number, wish: MaintenanceWish, by: string): Promise<Maintenance> {
    return this.#inTurn(async () => {
      const nowMs = this.#parts.now();
      const { forMs, why } = wish;
      const sinceMs = this.of(environmentId)?.sinceMs ?? nowMs;
      const maintenance = { sinceMs, untilMs: nowMs + forMs, by, why };
      await this.#parts.store.put(environmentId, maintenance);
      this.#known.set(environmentId, maintenance);
      this.#tell(environmentId);
      return maintenance;
    });
  }

  /** Nothing when nobody works on it. */
  end(environmentId: number): Promise<void> {
    return this.#inTurn(() => this.#end(environmentId));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #endWhatIsOver(): void {
    const { log } = this.#parts;
    for (const environmentId of this.#known.keys()) {
      if (this.of(environmentId) !== undefined) continue;
      this.#inTurn(() => this.#endIfOver(environmentId)).catch((error: unknown) => {
        log.error({ err: error }, 'the end of a maintenance could not be written down');
      });
    }
  }

  async #endIfOver(environmentId: number): Promise<void> {
    if (!this.#known.has(environmentId) || this.of(environmentId) !== undefined) return;
    this.#parts.log.info({ environment: environmentId }, 'maintenance is over');
    await this.#end(environmentId);
  }

  async #end(environmentId: number): Promise<void> {
    if (!this.#known.delete(environmentId)) return;
    this.#tell(environmentId);
    await this.#parts.store.remove(environmentId);
  }

  async #inTurn<Done>(deed: () => Promise<Done>): Promise<Done> {
    const done = this.#last.then(deed, deed);
    this.#last = done.catch(() => undefined);
    return await done;
  }
}
