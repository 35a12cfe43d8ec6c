/** Environments as administrators manage them: created after a proof of life, changed, surveyed, removed. */

import type { EngineRoute } from '../../docker/route.ts';
import { Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord, Store } from '../store/store.ts';
import { normaliseUrl } from './environment-address.ts';
import { checkName, DEFAULTS, type EnvironmentDraft } from './environment-draft.ts';
import { contactEngine } from './first-contact.ts';
import type { Links } from './links.ts';
import type { LiveModel } from './live-model.ts';
import type { Destination, PinMemory, Reach } from './reach.ts';
import { type Snapshot, withLiveCounts } from './snapshot.ts';
import type { Supervisor } from './supervisor.ts';
import { SurveyLine, surveyEach } from './surveys.ts';
import type { TagNames } from './tag-names.ts';

/** An environment as it is kept. */
export type KeptEnvironment = EnvironmentRecord;

/** A record with what is known of it right now. */
export interface EnvironmentView {
  readonly record: EnvironmentRecord;
  readonly status: 1 | 2;
  /** Names, in alphabetical order. */
  readonly tags: readonly string[];
  readonly snapshot: Snapshot | undefined;
  /** Of an edge environment only. */
  readonly edge?: EdgeFacts;
}

/** What an edge environment has besides. */
export interface EdgeFacts {
  readonly key: string;
  /** Unix seconds; 0 when its agent never linked. */
  readonly lastCheckInS: number;
  readonly isAlive: boolean;
}

/** A view, and the join secret that is shown this once. */
export interface Invitation {
  readonly view: EnvironmentView;
  readonly edgeId: string;
}

/** A snapshot taken this recently needs no successor. */
const FRESH_S = 10;
/** Edge agents come back all at once after a restart of the server; the regular survey sees to the rest. */
const FRESH_EDGE_S = 300;
const SURVEY_DEADLINE_MS = 60_000;
/** An agent whose link has just ended is likely to be back in a moment. */
const ALIVE_AFTER_MS = 20_000;

export interface EnvironmentParts {
  readonly store: Store;
  readonly reach: Reach;
  readonly links: Links;
  readonly supervisor: Supervisor;
  readonly model: LiveModel;
  readonly tagNames: TagNames;
  readonly now: () => number;
}

/** Create, read, update, delete and survey. */
export class Environments implements Disposable {
  readonly #parts: EnvironmentParts;
  readonly #returned = new SurveyLine((id) => this.#surveyAfterReturn(id));

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  /** A fresh snapshot of an environment that has just come up, unless the last one is hardly older. */
  async #surveyAfterReturn(id: number): Promise<void> {
    const { snapshot: kept, type } = await this.record(id);
    const takenS = kept === '' ? 0 : (JSON.parse(kept) as Snapshot).Time;
    const freshS = type === 4 ? FRESH_EDGE_S : FRESH_S;
    if (this.#parts.now() / 1000 - takenS < freshS) return;
    await this.survey(id, AbortSignal.timeout(SURVEY_DEADLINE_MS));
  }

  /** Starts watching everything that is stored. */
  async open(): Promise<void> {
    this.#parts.supervisor.whenUp((id) => this.#returned.add(id));
    for (const record of await this.#parts.store.environments.list()) {
      await this.#parts.supervisor.start(record);
    }
  }

  [Symbol.dispose](): void {
    this.#returned[Symbol.dispose]();
  }

  async list(): Promise<EnvironmentView[]> {
    return (await this.#parts.store.environments.list()).map((record) => this.view(record));
  }

  /** Fault not-found when there is none. */
  async get(id: number): Promise<EnvironmentView> {
    return this.view(await this.record(id));
  }

  /** Only what is kept, which is much cheaper to have. Fault not-found when there is none. */
  async record(id: number): Promise<KeptEnvironment> {
    const record = await this.#parts.store.environments.get(id);
    if (record !== undefined) return record;
    throw new Fault(
      'not-found',
      'Unable to find an environment with the specified identifier inside the database',
    );
  }

  /** Contacts it first; Fault conflict for a taken name, wrong-address with the reason in `details` when nothing fitting answers. */
  async create(draft: EnvironmentDraft, signal: AbortSignal): Promise<EnvironmentView> {
    const wanted = {
      ...DEFAULTS,
      ...draft,
      name: checkName(draft.name),
      url: normaliseUrl(draft.type, draft.url),
    };
    this.#parts.tagNames.check(wanted.tagIds);
    await this.#checkNameIsFree(wanted.name);
    let fingerprint: string | undefined;
    const onFirst = (seen: string): void => {
      fingerprint = seen;
    };
    const proof = await this.#prove(wanted, { pinned: undefined, onFirst }, signal);
    const record = await this.#parts.store.environments.insert({ ...wanted, ...proof });
    if (fingerprint !== undefined) await this.#parts.store.pins.set(record.id, fingerprint);
    await this.#parts.supervisor.start(record);
    return this.view(record);
  }

  /** Opens an environment to an edge agent that will dial in by itself. The faults of a name. */
  async invite(draft: EnvironmentDraft): Promise<Invitation> {
    const name = checkName(draft.name);
    const url = normaliseUrl(4, draft.url);
    await this.#checkNameIsFree(name);
    const { store, links, supervisor, tagNames } = this.#parts;
    const wanted = { ...DEFAULTS, ...draft, name, url };
    tagNames.check(wanted.tagIds);
    const record = await store.environments.insert(wanted);
    const edgeId = await links.enrolment.invite(record.id);
    await supervisor.start(record);
    return { view: this.view(record), edgeId };
  }

  /** Opens an edge environment to another agent; the one that held it is out. Fault bad-request for other types. */
  async resetAssociation(id: number): Promise<Invitation> {
    const before = await this.record(id);
    if (before.type !== 4) {
      throw new Fault('bad-request', 'Invalid environment type', {
        details: 'Only edge environments have an association.',
      });
    }
    const { store, links, supervisor } = this.#parts;
    const edgeId = await links.enrolment.invite(id);
    await supervisor.stop(id);
    await store.environments.update(id, { snapshot: '' });
    const record = { ...before, snapshot: '' };
    await supervisor.start(record);
    return { view: this.view(record), edgeId };
  }

  /** Adds one without contacting it: for `-H` at first start, when the engine may come later. */
  async adopt(draft: EnvironmentDraft): Promise<void> {
    const url = normaliseUrl(draft.type, draft.url);
    const record = await this.#parts.store.environments.insert({ ...DEFAULTS, ...draft, url });
    await this.#parts.supervisor.start(record);
  }

  /** Another URL is another peer: it must prove itself and is pinned anew. */
  async update(
    id: number,
    change: Partial<Omit<EnvironmentRecord, 'id'>>,
    signal: AbortSignal,
  ): Promise<EnvironmentView> {
    const before = await this.record(id);
    const after = {
      ...before,
      ...change,
      ...(change.name !== undefined && { name: checkName(change.name) }),
      ...(change.url !== undefined && { url: normaliseUrl(before.type, change.url) }),
    };
    this.#parts.tagNames.check(after.tagIds);
    if (after.name !== before.name) await this.#checkNameIsFree(after.name);
    if (before.type === 4 || this.#isSameDestination(before, after)) {
      await this.#parts.store.environments.update(id, after);
      this.#parts.supervisor.describe(after);
      return this.view(after);
    }
    return this.#redirect(before, after, signal);
  }

  /** Fault not-found when there is none; streams to it end. */
  async remove(id: number): Promise<void> {
    await this.record(id);
    const { supervisor, store, links } = this.#parts;
    // Before and after: nobody may link meanwhile, and the last link's end is of no interest.
    links.book.forget(id);
    await supervisor.stop(id);
    await store.environments.remove(id);
    links.book.forget(id);
  }

  /** Takes a snapshot and checks the heartbeat now; an environment that is away only gets status 2. */
  async survey(id: number, signal: AbortSignal): Promise<void> {
    const record = await this.record(id);
    if (record.type === 4 && this.#parts.links.switchboard.linked(id) === undefined) return;
    const { route, watcher } = this.#parts.supervisor.get(id);
    const checked = watcher.check();
    const found = await this.#contact(record, route, signal).catch(() => undefined);
    await checked;
    if (found !== undefined) await this.#parts.store.environments.update(id, found);
  }

  /** Begins evenly within `spreadMs`; at once without. */
  async surveyAll(signal: AbortSignal, spreadMs = 0): Promise<void> {
    const ids = (await this.#parts.store.environments.list()).map(({ id }) => id);
    await surveyEach(ids, (id) => this.survey(id, signal), { signal, spreadMs });
  }

  /** What is known of a record now: the watcher's word on its status, live counts in its snapshot while it is up. */
  view(record: EnvironmentRecord): EnvironmentView {
    const { model, tagNames } = this.#parts;
    const connection = model.environment(record.id)?.connection ?? 'connecting';
    const edge = record.type === 4 ? this.#edgeFacts(record) : undefined;
    const tags = tagNames.of(record.tagIds);
    const known = { record, tags, ...(edge !== undefined && { edge }) };
    const kept = record.snapshot === '' ? undefined : (JSON.parse(record.snapshot) as Snapshot);
    const isDown = edge === undefined ? connection === 'down' : !edge.isAlive;
    if (connection !== 'up' || kept === undefined) {
      const status = isDown ? 2 : edge === undefined ? record.status : 1;
      return { ...known, status, snapshot: kept };
    }
    const seenAtMs = model.seenAtMs(record.id);
    const live = withLiveCounts(kept, model.containersOf(record.id), seenAtMs);
    return { ...known, status: 1, snapshot: live };
  }

  #edgeFacts(record: EnvironmentRecord): EdgeFacts {
    const { links, model, now } = this.#parts;
    const keptMs = links.book.get(record.id).lastSeenAtMs ?? 0;
    const seenMs = Math.max(keptMs, model.seenAtMs(record.id) ?? 0);
    const isLinked = links.switchboard.linked(record.id) !== undefined;
    const isAlive = isLinked || (seenMs > 0 && now() - seenMs <= ALIVE_AFTER_MS);
    return { key: links.edgeKeyOf(record), lastCheckInS: Math.floor(seenMs / 1000), isAlive };
  }

  async #checkNameIsFree(name: string): Promise<void> {
    if (!(await this.#parts.store.environments.isNameTaken(name))) return;
    throw new Fault('conflict', 'Name is not unique', {
      details: 'Another environment has that name.',
    });
  }

  #isSameDestination(before: Destination, after: Destination): boolean {
    const keys = ['url', 'tls', 'tlsSkipVerify', 'tlsCa', 'tlsCert', 'tlsKey'] as const;
    return keys.every((key) => before[key] === after[key]);
  }

  async #redirect(
    before: EnvironmentRecord,
    after: EnvironmentRecord,
    signal: AbortSignal,
  ): Promise<EnvironmentView> {
    const { store, supervisor } = this.#parts;
    const isNewPeer = after.url !== before.url;
    let fingerprint = isNewPeer ? undefined : await store.pins.get(after.id);
    const pin = {
      pinned: fingerprint,
      onFirst: (seen: string): void => {
        fingerprint = seen;
      },
    };
    const record = { ...after, ...(await this.#prove(after, pin, signal)) };
    await supervisor.stop(record.id);
    await store.environments.update(record.id, record);
    if (isNewPeer) await this.#parts.links.book.unbind(record.id);
    if (fingerprint !== undefined) await store.pins.set(record.id, fingerprint);
    await supervisor.start(record);
    return this.view(record);
  }

  async #prove(
    destination: EnvironmentRecord | Omit<EnvironmentRecord, 'id'>,
    pin: PinMemory,
    signal: AbortSignal,
  ) {
    await using route = this.#parts.reach.routeTo(destination, pin);
    return this.#contact(destination, route, signal);
  }

  #contact(
    record: Pick<EnvironmentRecord, 'type' | 'containerEngine' | 'agentVersion'>,
    route: EngineRoute,
    signal: AbortSignal,
  ) {
    return contactEngine(record, route, { nowMs: this.#parts.now(), signal });
  }
}
