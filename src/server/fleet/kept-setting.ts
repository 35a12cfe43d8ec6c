/** One setting of the server that administrators change: kept in memory and in the store. */
import type { z } from 'zod';
import type { SettingStore } from '../store/store.ts';

export interface SettingShape<Value> {
  /** In the store. */
  readonly name: string;
  /** Reads the text that String made of a value. */
  readonly schema: z.ZodType<Value>;
  /** Holds while nothing is kept, and where what is kept makes no sense. */
  readonly otherwise: Value;
}

/** A setting as it is now. */
export class KeptSetting<Value extends string | number | boolean> {
  readonly #store: SettingStore;
  readonly #name: string;
  #value: Value;

  private constructor(store: SettingStore, name: string, value: Value) {
    this.#store = store;
    this.#name = name;
    this.#value = value;
  }

  static async open<Value extends string | number | boolean>(
    store: SettingStore,
    { name, schema, otherwise }: SettingShape<Value>,
  ): Promise<KeptSetting<Value>> {
    const { data = otherwise } = schema.safeParse(await store.get(name));
    return new KeptSetting(store, name, data);
  }

  get value(): Value {
    return this.#value;
  }

  /** Resolves when it is on disk. */
  async set(value: Value): Promise<void> {
    await this.#store.set(this.#name, String(value));
    this.#value = value;
  }
}
