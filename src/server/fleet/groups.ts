/** Groups of environments as administrators manage them, in memory beside the store; the access book hears of their policies. */
import { Fault } from '../../protocol/fault.ts';
import type { GroupRecord } from '../store/access-store.ts';
import type { Store } from '../store/store.ts';
import type { AccessBook } from './access-book.ts';
import type { TagNames } from './tag-names.ts';

/** A group as the doors see one. */
export type Group = GroupRecord;

/** The group of every environment that is in no other. */
export const UNASSIGNED = 1;

const MAX_NAME = 128;
const MAX_DESCRIPTION = 1_024;
const MAX_GROUPS = 10_000;

export interface GroupParts {
  readonly store: Store;
  readonly access: AccessBook;
  readonly tagNames: TagNames;
}

function checkWords({ name, description }: Pick<Group, 'name' | 'description'>): void {
  const isName = name !== '' && name.length <= MAX_NAME && !/\p{Cc}/u.test(name);
  if (isName && description.length <= MAX_DESCRIPTION) return;
  throw new Fault('bad-request', 'Invalid environment group name', {
    details: `A name has 1 to ${MAX_NAME} characters, none of control; a description at most ${MAX_DESCRIPTION}.`,
  });
}

/** All groups. Which environments are in one is kept with each environment. */
export class Groups {
  readonly #parts: GroupParts;
  readonly #groups: Map<number, Group>;

  private constructor(parts: GroupParts, groups: readonly Group[]) {
    this.#parts = parts;
    this.#groups = new Map(groups.map((group) => [group.id, group]));
    for (const group of groups) parts.access.setGroup(group);
  }

  static async open(parts: GroupParts): Promise<Groups> {
    return new Groups(parts, await parts.store.groups.list());
  }

  list(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** Fault not-found. */
  get(id: number): Group {
    const group = this.#groups.get(id);
    if (group) return group;
    const what = 'Unable to find an environment group with the specified identifier';
    throw new Fault('not-found', `${what} inside the database`);
  }

  /** Fault bad-request for bad words or an unknown tag, conflict for a name that is taken. */
  async create(wanted: Omit<Group, 'id'>): Promise<Group> {
    const draft = this.#checked(wanted);
    if (this.#groups.size >= MAX_GROUPS) {
      const details = `There are ${MAX_GROUPS} environment groups; remove one first.`;
      throw new Fault('bad-request', 'Too many environment groups', { details });
    }
    const group = await this.#parts.store.groups.insert(draft);
    this.#groups.set(group.id, group);
    this.#parts.access.setGroup(group);
    return group;
  }

  /** The faults of get() and create(); streams of those whose role is another one now end. */
  async update(id: number, change: Partial<Omit<Group, 'id'>>): Promise<Group> {
    const group = { id, ...this.#checked({ ...this.get(id), ...change }) };
    await this.#parts.store.groups.put(group);
    this.#groups.set(id, group);
    this.#parts.access.setGroup(group);
    return group;
  }

  /** Fault forbidden for group 1. Its environments are elsewhere by now. */
  async remove(id: number): Promise<void> {
    this.checkRemovable(id);
    await this.#parts.store.groups.remove(id);
    this.#groups.delete(id);
    this.#parts.access.forgetGroup(id);
  }

  /** Fault not-found, and forbidden for group 1. */
  checkRemovable(id: number): void {
    this.get(id);
    if (id !== UNASSIGNED) return;
    throw new Fault('forbidden', "Unable to remove the default 'Unassigned' group", {
      details: 'Cannot remove the default environment group.',
    });
  }

  /** Takes a tag off every group. */
  async forgetTag(tagId: number): Promise<void> {
    for (const group of this.list()) {
      if (!group.tagIds.includes(tagId)) continue;
      await this.update(group.id, { tagIds: group.tagIds.filter((other) => other !== tagId) });
    }
  }

  #checked(wanted: Omit<Group, 'id'>): Omit<Group, 'id'> {
    const { userAccessPolicies, teamAccessPolicies, description } = wanted;
    const name = wanted.name.trim();
    checkWords({ name, description });
    const tagIds = [...new Set(wanted.tagIds)];
    this.#parts.tagNames.check(tagIds);
    return { name, description, userAccessPolicies, teamAccessPolicies, tagIds };
  }
}
