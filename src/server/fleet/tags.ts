/** Tags as administrators manage them, and which environments carry them. */
import { Fault } from '../../protocol/fault.ts';
import type { Store, TagRecord } from '../store/store.ts';
import type { Groups } from './groups.ts';
import type { Supervisor } from './supervisor.ts';
import type { TagNames } from './tag-names.ts';

/** A tag and the ids of the environments and groups that carry it. */
export interface TagView extends TagRecord {
  readonly environmentIds: readonly number[];
  readonly groupIds: readonly number[];
}

export interface TagParts {
  readonly store: Store;
  readonly names: TagNames;
  readonly supervisor: Supervisor;
  readonly groups: Groups;
}

/** All tags. */
export class Tags {
  readonly #parts: TagParts;

  constructor(parts: TagParts) {
    this.#parts = parts;
  }

  async list(): Promise<TagView[]> {
    const { store, groups } = this.#parts;
    const environments = await store.environments.list();
    return (await store.tags.list()).map((tag) => ({
      ...tag,
      environmentIds: environments
        .filter(({ tagIds }) => tagIds.includes(tag.id))
        .map(({ id }) => id),
      groupIds: groups
        .list()
        .filter(({ tagIds }) => tagIds.includes(tag.id))
        .map(({ id }) => id),
    }));
  }

  /** The faults of TagNames.add(). */
  async create(name: string): Promise<TagView> {
    return { ...(await this.#parts.names.add(name)), environmentIds: [], groupIds: [] };
  }

  /** Takes it off every environment and group, too. Fault not-found when there is none. */
  async remove(id: number): Promise<void> {
    const { store, names, supervisor, groups } = this.#parts;
    if (!names.has(id)) {
      throw new Fault(
        'not-found',
        'Unable to find a tag with the specified identifier inside the database',
      );
    }
    for (const record of await store.environments.list()) {
      if (!record.tagIds.includes(id)) continue;
      const tagIds = record.tagIds.filter((other) => other !== id);
      await store.environments.update(record.id, { tagIds });
      supervisor.describe({ ...record, tagIds });
    }
    await groups.forgetTag(id);
    await names.forget(id);
  }
}
