/** The latest loads of all environments, so that a console that comes has a line to draw at once. */
import type { EnvironmentLoad } from '../../protocol/load.ts';
import { KEPT_LOADS } from '../../protocol/load-pace.ts';

/** So many points go into a snapshot, some 200 KB: few environments show ten minutes, a thousand just two points. */
const SNAPSHOT_POINTS = 2_000;

/** Holds at most KEPT_LOADS points of each environment, some 6 KB. */
export class LoadBook {
  readonly #loads = new Map<number, EnvironmentLoad[]>();

  /** True when it is newer than what was known. */
  add(load: EnvironmentLoad): boolean {
    const known = this.#loads.get(load.environmentId) ?? [];
    const last = known.at(-1);
    if (last !== undefined && load.atMs <= last.atMs) return false;
    known.push(load);
    if (known.length > KEPT_LOADS) known.shift();
    this.#loads.set(load.environmentId, known);
    return true;
  }

  forget(environmentId: number): void {
    this.#loads.delete(environmentId);
  }

  /** As many of each as a snapshot has room for, at least the last; oldest first. */
  latest(): EnvironmentLoad[] {
    const each = Math.max(1, Math.floor(SNAPSHOT_POINTS / Math.max(1, this.#loads.size)));
    return [...this.#loads.values()].flatMap((known) => known.slice(-each));
  }
}
