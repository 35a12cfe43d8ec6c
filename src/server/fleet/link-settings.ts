/** What an administrator may decide about links as a whole. */
import type { SettingStore } from '../store/store.ts';

const TRUST_FIRST = 'TrustOnFirstConnect';

/** Kept in memory and in the store. */
export class LinkSettings {
  readonly #store: SettingStore;
  #trustsFirst: boolean;

  private constructor(store: SettingStore, trustsFirst: boolean) {
    this.#store = store;
    this.#trustsFirst = trustsFirst;
  }

  static async open(store: SettingStore): Promise<LinkSettings> {
    return new LinkSettings(store, (await store.get(TRUST_FIRST)) === 'true');
  }

  /** Whether an agent with a right EDGE_KEY and any EDGE_ID takes a place that is free. */
  get trustsFirst(): boolean {
    return this.#trustsFirst;
  }

  /** Resolves when it is on disk. */
  async setTrustsFirst(value: boolean): Promise<void> {
    await this.#store.set(TRUST_FIRST, String(value));
    this.#trustsFirst = value;
  }
}
