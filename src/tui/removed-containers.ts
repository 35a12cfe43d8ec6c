/** The settings of containers that this console removed, so that they can be made again. They hold secrets: memory only, and bounded. */
import type { Fleet } from '../client/fleet.ts';
import type { ContainerKey } from '../protocol/container-key.ts';
import { Fault } from '../protocol/fault.ts';

type Engine = ReturnType<Fleet['engine']>;
type Spec = Awaited<ReturnType<Engine['spec']>>;

/** The oldest is forgotten first. */
const KEPT = 200;
const MAX_BYTES = 256 * 1024;

export class RemovedContainers {
  readonly #specs = new Map<ContainerKey, Spec>();

  /** Remembers how a container was made; resolves to whether it could. Rejects only when the signal fires. */
  async keep(engine: Engine, key: ContainerKey, signal: AbortSignal): Promise<boolean> {
    try {
      const spec = await engine.spec(key.slice(key.indexOf('/') + 1), signal);
      if (JSON.stringify(spec).length > MAX_BYTES) return false;
      this.#specs.set(key, spec);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return false;
    }
    const [oldest] = this.#specs.keys();
    if (this.#specs.size > KEPT && oldest !== undefined) this.#specs.delete(oldest);
    return true;
  }

  /** Makes it again; Fault not-found when its settings are not kept any more. */
  async recreate(engine: Engine, key: ContainerKey, signal: AbortSignal): Promise<void> {
    const spec = this.#specs.get(key);
    if (!spec) throw new Fault('not-found', 'Its settings are no longer kept in this console.');
    await engine.create(spec, signal);
    this.#specs.delete(key);
  }
}
