/**
 * Who owns which Docker object, in memory beside the store since every list asks. An object's own control counts before its
 * service's and its stack's, and those before its labels, which become a control of their own when they are first met.
 */
import type { Container } from '../../protocol/container.ts';
import { Fault } from '../../protocol/fault.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import {
  type ControlKey,
  controlKeys,
  isEntitled,
  labelledUse,
  type ObjectTraits,
  type ResourceControl,
} from '../../protocol/resource-control.ts';
import type { Store } from '../store/store.ts';
import type { Grant, HeldGrants } from './grant.ts';
import { isAdministrator } from './grant.ts';
import type { LiveModel } from './live-model.ts';
import type { Teams } from './teams.ts';

/** Who may use an object: what a person says when making or changing a control. */
export type Use = Pick<ResourceControl, 'userIds' | 'teamIds' | 'isPublic' | 'administratorsOnly'>;

export interface ControlParts {
  readonly store: Store;
  readonly model: LiveModel;
  readonly teams: Teams;
  readonly heldGrants: HeldGrants;
}

/** Of a person alone. */
export const privateUse = (userId: number): Use => ({
  userIds: [userId],
  teamIds: [],
  isPublic: false,
  administratorsOnly: false,
});

const LAST_EVENTS_MS = 5_000;
/** Controls that may hold for a container: its own, its service's, its stack's. */
const RETOLD: ReadonlySet<number> = new Set([1, 2, 6]);

const keyOf = ({ type, resourceId }: ControlKey, environmentId: number | null): string =>
  `${type} ${environmentId ?? ''} ${resourceId}`;

/** What the feed tells of a container, as traits. */
export const traitsOfContainer = ({
  id,
  labels,
}: Pick<Container, 'id' | 'labels'>): ObjectTraits => ({
  kind: 'container',
  resourceId: id,
  labels,
  isSystem: false,
});

/** All controls. */
export class ResourceControls {
  readonly #parts: ControlParts;
  readonly #controls = new Map<string, ResourceControl>();
  readonly #byId = new Map<number, ResourceControl>();
  readonly #making = new Map<number, Set<Promise<unknown>>>();
  readonly #stopReading: () => void;

  private constructor(parts: ControlParts, controls: readonly ResourceControl[]) {
    this.#parts = parts;
    for (const control of controls) this.#remember(control);
    this.#stopReading = parts.model.subscribe((message) => this.#read(message));
  }

  static async open(parts: ControlParts): Promise<ResourceControls> {
    return new ResourceControls(parts, await parts.store.controls.list());
  }

  /** The control that holds for an object; undefined when it is the administrators'. */
  find(environmentId: number, traits: ObjectTraits): ResourceControl | undefined {
    for (const key of controlKeys(traits, environmentId)) {
      const found =
        this.#controls.get(keyOf(key, environmentId)) ?? this.#controls.get(keyOf(key, null));
      if (found) return found;
    }
    return undefined;
  }

  /** Whether an account that is limited to its own may use an object. */
  async mayUse(grant: Grant, environmentId: number, traits: ObjectTraits): Promise<boolean> {
    if (traits.isSystem) return true;
    const control =
      this.find(environmentId, traits) ?? (await this.#ofLabels(environmentId, traits));
    return isEntitled(control, { userId: grant.user.id, teamIds: grant.teamIds });
  }

  /** As mayUse() for what must be told at once: labels that have not become a control yet give nothing. */
  mayUseNow(grant: Grant, environmentId: number, traits: ObjectTraits): boolean {
    const control = this.find(environmentId, traits);
    return isEntitled(control, { userId: grant.user.id, teamIds: grant.teamIds });
  }

  /** Whether an account may use a container of the live model; one that is not there belongs to nobody. */
  mayUseContainer(grant: Grant, environmentId: number, id: string): boolean {
    const container = this.#parts.model.container(environmentId, id);
    return (
      container !== undefined && this.mayUseNow(grant, environmentId, traitsOfContainer(container))
    );
  }

  /** Fault not-found. */
  get(id: number): ResourceControl {
    const control = this.#byId.get(id);
    if (control) return control;
    const what = 'Unable to find a resource control with the specified identifier';
    throw new Fault('not-found', `${what} inside the database`);
  }

  /** One made by hand: it holds in every environment. Fault conflict when the object has one anywhere. */
  async create(control: Omit<ResourceControl, 'id' | 'environmentId'>): Promise<ResourceControl> {
    const { type, resourceId } = control;
    const isTaken = [...this.#byId.values()].some(
      (other) => other.type === type && other.resourceId === resourceId,
    );
    if (isTaken) {
      throw new Fault('conflict', 'A resource control is already associated to this resource', {
        details: 'A resource control already exists for this resource.',
      });
    }
    return await this.#insert({ ...control, environmentId: null });
  }

  /** What has just been made belongs to whom `use` says, whatever was known of an earlier object of that name. */
  async own(environmentId: number, key: ControlKey, use: Use): Promise<ResourceControl> {
    const known = this.#controls.get(keyOf(key, environmentId));
    if (known) return await this.#replace({ ...known, ...use });
    const { type, resourceId } = key;
    return await this.#insert({ ...use, type, resourceId, environmentId, subResourceIds: [] });
  }

  /** Fault not-found; whoever may not use the object any more loses all streams. */
  async update(id: number, use: Use): Promise<ResourceControl> {
    return await this.#replace({ ...this.get(id), ...use });
  }

  /** Fault not-found; the object is the administrators' from now on. */
  async remove(id: number): Promise<void> {
    const control = this.get(id);
    await this.#parts.store.controls.remove([id]);
    this.#forget(control);
    this.#end(control, undefined);
    this.#retell(control);
  }

  /** The object is gone. */
  async forget(environmentId: number, key: ControlKey): Promise<void> {
    const known = this.#controls.get(keyOf(key, environmentId));
    if (!known) return;
    this.#forget(known);
    await this.#parts.store.controls.remove([known.id]);
  }

  /** The environment was removed, and the store has dropped its controls already. */
  forgetEnvironment(environmentId: number): void {
    for (const control of [...this.#byId.values()])
      if (control.environmentId === environmentId) this.#forget(control);
  }

  /** Waits with what must be told of an environment's objects until `making` has said whose it is. */
  async during<Made>(environmentId: number, making: Promise<Made>): Promise<Made> {
    const all = this.#making.get(environmentId) ?? new Set();
    this.#making.set(environmentId, all.add(making));
    try {
      return await making;
    } finally {
      all.delete(making);
      if (all.size === 0) this.#making.delete(environmentId);
    }
  }

  /** Resolves when all that is being made in an environment now is made. */
  async settled(environmentId: number): Promise<void> {
    await Promise.allSettled([...(this.#making.get(environmentId) ?? [])]);
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** What labels say as a use, with the names of accounts and teams that there are; undefined when they say nothing. */
  async useOfLabels(labels: Readonly<Record<string, string>>): Promise<Use | undefined> {
    const said = labelledUse(labels);
    if (said === undefined) return undefined;
    const users = await Promise.all(
      said.users.map((name) => this.#parts.store.users.findByName(name)),
    );
    const named = new Set(said.teams);
    return {
      userIds: users.flatMap((user) => (user ? [user.id] : [])),
      teamIds: this.#parts.teams.named(named).map(({ id }) => id),
      isPublic: said.isPublic,
      administratorsOnly: false,
    };
  }

  [Symbol.dispose](): void {
    this.#stopReading();
  }

  async #ofLabels(
    environmentId: number,
    traits: ObjectTraits,
  ): Promise<ResourceControl | undefined> {
    const use = await this.useOfLabels(traits.labels);
    if (use === undefined) return undefined;
    const known = this.find(environmentId, traits);
    const [key] = controlKeys(traits, environmentId);
    if (known || !key) return known;
    return await this.own(environmentId, key, use).catch(() => this.find(environmentId, traits));
  }

  /** Labels of containers become controls as the containers come up, and controls of containers end with them. */
  #read(message: FeedMessage): void {
    if (message.kind === 'snapshot') for (const one of message.containers) this.#meet(one);
    if (message.kind !== 'changes') return;
    for (const change of message.changes) {
      if (change.kind === 'container') this.#meet(change.container);
      if (change.kind === 'containers') for (const one of change.containers) this.#meet(one);
      if (change.kind !== 'container-gone') continue;
      const { environmentId, id: resourceId } = change;
      this.#forgetSoon(environmentId, { type: 1, resourceId });
    }
  }

  /** The last events of a container are told to its owner first. */
  #forgetSoon(environmentId: number, key: ControlKey): void {
    const known = this.#controls.get(keyOf(key, environmentId));
    const forget = () => {
      if (known && this.#byId.get(known.id) === known)
        void this.forget(environmentId, key).catch(() => undefined);
    };
    setTimeout(forget, LAST_EVENTS_MS).unref();
  }

  #meet(container: Container): void {
    if (labelledUse(container.labels) === undefined) return;
    void this.#ofLabels(container.environmentId, traitsOfContainer(container)).catch(
      () => undefined,
    );
  }

  async #insert(control: Omit<ResourceControl, 'id'>): Promise<ResourceControl> {
    const made = await this.#parts.store.controls.insert(control);
    this.#remember(made);
    this.#retell(made);
    return made;
  }

  async #replace(control: ResourceControl): Promise<ResourceControl> {
    const before = this.#byId.get(control.id);
    await this.#parts.store.controls.put(control);
    this.#remember(control);
    this.#end(before, control);
    this.#retell(control);
    return control;
  }

  #remember(control: ResourceControl): void {
    this.#controls.set(keyOf(control, control.environmentId), control);
    this.#byId.set(control.id, control);
  }

  #forget(control: ResourceControl): void {
    this.#controls.delete(keyOf(control, control.environmentId));
    this.#byId.delete(control.id);
  }

  /** Streams of those who could use the object and now can't. */
  #end(before: ResourceControl | undefined, after: ResourceControl | undefined): void {
    this.#parts.heldGrants.end((grant) => {
      const who = { userId: grant.user.id, teamIds: grant.teamIds };
      return !isAdministrator(grant) && isEntitled(before, who) && !isEntitled(after, who);
    });
  }

  /** Feeds show or hide a container when they are told of it; what is not a container's may reach any. */
  #retell({ type, resourceId, environmentId }: ResourceControl): void {
    const { model } = this.#parts;
    if (!RETOLD.has(type)) return;
    const ids = environmentId === null ? model.environmentIds() : [environmentId];
    for (const id of ids) model.retell(id, type === 1 ? resourceId : undefined);
  }
}
