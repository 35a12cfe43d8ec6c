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
  async begin(environmentId: number, wish: MaintenanceWish, by: string): Promise<Maintenance> {
    const nowMs = this.#parts.now();
    const { forMs, why } = wish;
    const sinceMs = this.of(environmentId)?.sinceMs ?? nowMs;
    const maintenance = { sinceMs, untilMs: nowMs + forMs, by, why };
    await this.#parts.store.put(environmentId, maintenance);
    this.#known.set(environmentId, maintenance);
    this.#tell(environmentId);
    return maintenance;
  }

  /** Nothing when nobody works on it. */
  async end(environmentId: number): Promise<void> {
    if (!this.#known.delete(environmentId)) return;
    this.#tell(environmentId);
    await this.#parts.store.remove(environmentId);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #endWhatIsOver(): void {
    const { now, log } = this.#parts;
    for (const [environmentId, { untilMs }] of this.#known) {
      if (untilMs > now()) continue;
      log.info({ environment: environmentId }, 'maintenance is over');
      this.end(environmentId).catch((error: unknown) => {
        log.error({ err: error }, 'the end of a maintenance could not be written down');
      });
    }
  }
}
