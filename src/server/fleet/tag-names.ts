/** The names of tags by id, in memory: every change of an environment tells them onwards. */
import { Fault } from '../../protocol/fault.ts';
import type { Store, TagRecord } from '../store/store.ts';

const MAX_NAME = 100;
const MAX_TAGS = 1_000;

/** The names of tags by id. */
export class TagNames {
  readonly #store: Store;
  readonly #names: Map<number, string>;

  private constructor(store: Store, tags: readonly TagRecord[]) {
    this.#store = store;
    this.#names = new Map(tags.map(({ id, name }) => [id, name]));
  }

  static async open(store: Store): Promise<TagNames> {
    return new TagNames(store, await store.tags.list());
  }

  /** In alphabetical order; ids that name no tag are left out. */
  of(ids: readonly number[]): readonly string[] {
    const names = ids.map((id) => this.#names.get(id));
    return [...new Set(names.filter((name) => name !== undefined))].sort();
  }

  has(id: number): boolean {
    return this.#names.has(id);
  }

  /** Fault bad-request for an id that names no tag. */
  check(ids: readonly number[]): void {
    const unknown = ids.find((id) => !this.has(id));
    if (unknown === undefined) return;
    throw new Fault('bad-request', 'Invalid tags', { details: `There is no tag ${unknown}.` });
  }

  /** Fault bad-request for a name nobody could type, conflict for one that is taken. */
  async add(name: string): Promise<TagRecord> {
    const wanted = name.trim();
    if (wanted === '' || wanted.length > MAX_NAME || /\p{Cc}/u.test(wanted)) {
      throw new Fault('bad-request', 'Invalid tag name', {
        details: `A name has 1 to ${MAX_NAME} characters, and none of control.`,
      });
    }
    if (this.#names.size >= MAX_TAGS) {
      throw new Fault('bad-request', 'Too many tags', {
        details: `There are ${MAX_TAGS} tags; remove one first.`,
      });
    }
    const tag = await this.#store.tags.insert(wanted);
    this.#names.set(tag.id, tag.name);
    return tag;
  }

  async forget(id: number): Promise<void> {
    await this.#store.tags.remove(id);
    this.#names.delete(id);
  }
}
