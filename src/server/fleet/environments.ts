/** Environments as administrators manage them: created after a proof of life, changed, surveyed, removed. */

import type { EngineRoute } from '../../docker/route.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord, Store } from '../store/store.ts';
import { checkAgent } from './agent-check.ts';
import { normaliseUrl } from './environment-address.ts';
import type { LiveModel } from './live-model.ts';
import type { Destination, PinMemory, Reach } from './reach.ts';
import { type Snapshot, takeSnapshot, withLiveCounts } from './snapshot.ts';
import type { Supervisor } from './supervisor.ts';

/** An environment as it is kept. */
export type KeptEnvironment = EnvironmentRecord;

/** What a person gives to create an environment; everything else has a default. */
export type EnvironmentDraft = Pick<EnvironmentRecord, 'name' | 'type' | 'url'> &
  Partial<Omit<EnvironmentRecord, 'id'>>;

/** A record with what is known of it right now. */
export interface EnvironmentView {
  readonly record: EnvironmentRecord;
  readonly status: 1 | 2;
  readonly snapshot: Snapshot | undefined;
}

const MAX_NAME_LENGTH = 128;
/** A snapshot taken this recently needs no successor. */
const FRESH_S = 10;
const SURVEY_DEADLINE_MS = 60_000;

const DEFAULTS = {
  containerEngine: '',
  publicUrl: '',
  groupId: 1,
  tagIds: [],
  gpus: [],
  tls: false,
  tlsSkipVerify: false,
  tlsCa: '',
  tlsCert: '',
  tlsKey: '',
  status: 1,
  agentVersion: '',
  userAccessPolicies: {},
  teamAccessPolicies: {},
  securitySettings: {
    allowBindMountsForRegularUsers: true,
    allowPrivilegedModeForRegularUsers: true,
    allowVolumeBrowserForRegularUsers: false,
    allowHostNamespaceForRegularUsers: true,
    allowDeviceMappingForRegularUsers: true,
    allowStackManagementForRegularUsers: true,
    allowContainerCapabilitiesForRegularUsers: true,
    allowSysctlSettingForRegularUsers: true,
    enableHostManagementFeatures: false,
  },
  edgeCheckinInterval: 0,
  enableGpuManagement: false,
  snapshot: '',
} as const satisfies Partial<EnvironmentRecord>;

export interface EnvironmentParts {
  readonly store: Store;
  readonly reach: Reach;
  readonly supervisor: Supervisor;
  readonly model: LiveModel;
  readonly now: () => number;
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(trimmed)) {
    throw new Fault('bad-request', 'Invalid environment name', {
      details: `A name has 1 to ${MAX_NAME_LENGTH} characters and no control characters.`,
    });
  }
  return trimmed;
}

function checkEngineKind(wanted: string, snapshot: Snapshot): void {
  if (wanted === '' || (wanted === 'podman') === snapshot.IsPodman) return;
  throw new Fault(
    'bad-peer',
    `The environment was declared as ${wanted}, but ${snapshot.IsPodman ? 'Podman' : 'Docker'} answers.`,
  );
}

const refused = (message: string, thrown: unknown): Fault =>
  new Fault('internal', message, {
    status: 500,
    details: asFault(thrown, 'unreachable', 'The connection failed.').message,
    cause: thrown,
  });

/** Create, read, update, delete and survey. */
export class Environments {
  readonly #parts: EnvironmentParts;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  /** A fresh snapshot of an environment that has just come up, unless the last one is hardly older. */
  async #surveyAfterReturn(id: number): Promise<void> {
    const kept = (await this.#record(id)).snapshot;
    const takenS = kept === '' ? 0 : (JSON.parse(kept) as Snapshot).Time;
    if (this.#parts.now() / 1000 - takenS < FRESH_S) return;
    await this.survey(id, AbortSignal.timeout(SURVEY_DEADLINE_MS));
  }

  /** Starts watching everything that is stored. */
  async open(): Promise<void> {
    // An environment may be removed or go away again meanwhile: then there is nothing to survey.
    this.#parts.supervisor.whenUp((id) => void this.#surveyAfterReturn(id).catch(() => undefined));
    for (const record of await this.#parts.store.environments.list()) {
      await this.#parts.supervisor.start(record);
    }
  }

  async list(): Promise<EnvironmentView[]> {
    return (await this.#parts.store.environments.list()).map((record) => this.view(record));
  }

  /** Fault not-found when there is none. */
  async get(id: number): Promise<EnvironmentView> {
    return this.view(await this.#record(id));
  }

  /** Contacts it first; Fault conflict for a taken name, 500 with the reason in `details` when nothing fitting answers. */
  async create(draft: EnvironmentDraft, signal: AbortSignal): Promise<EnvironmentView> {
    const wanted = {
      ...DEFAULTS,
      ...draft,
      name: checkName(draft.name),
      url: normaliseUrl(draft.type, draft.url),
    };
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
    const before = await this.#record(id);
    const after = {
      ...before,
      ...change,
      ...(change.name !== undefined && { name: checkName(change.name) }),
      ...(change.url !== undefined && { url: normaliseUrl(before.type, change.url) }),
    };
    if (after.name !== before.name) await this.#checkNameIsFree(after.name);
    if (this.#isSameDestination(before, after)) {
      await this.#parts.store.environments.update(id, after);
      this.#parts.supervisor.rename(id, after.name);
      return this.view(after);
    }
    return this.#redirect(before, after, signal);
  }

  /** Fault not-found when there is none; streams to it end. */
  async remove(id: number): Promise<void> {
    await this.#record(id);
    await this.#parts.supervisor.stop(id);
    await this.#parts.store.environments.remove(id);
  }

  /** Takes a snapshot and checks the heartbeat now; an environment that is away only gets status 2. */
  async survey(id: number, signal: AbortSignal): Promise<void> {
    const record = await this.#record(id);
    const { route, watcher } = this.#parts.supervisor.get(id);
    const checked = watcher.check();
    const found = await this.#contact(record, route, signal).catch(() => undefined);
    await checked;
    if (found !== undefined) await this.#parts.store.environments.update(id, found);
  }

  async surveyAll(signal: AbortSignal): Promise<void> {
    const records = await this.#parts.store.environments.list();
    await Promise.all(
      records.map((record) => this.survey(record.id, signal).catch(() => undefined)),
    );
  }

  /** What is known of a record now: the watcher's word on its status, live counts in its snapshot while it is up. */
  view(record: EnvironmentRecord): EnvironmentView {
    const { model } = this.#parts;
    const connection = model.environment(record.id)?.connection ?? 'connecting';
    const kept = record.snapshot === '' ? undefined : (JSON.parse(record.snapshot) as Snapshot);
    if (connection !== 'up' || kept === undefined) {
      return { record, status: connection === 'down' ? 2 : record.status, snapshot: kept };
    }
    const seenAtMs = model.seenAtMs(record.id);
    const live = withLiveCounts(kept, model.containersOf(record.id), seenAtMs);
    return { record, status: 1, snapshot: live };
  }

  async #record(id: number): Promise<EnvironmentRecord> {
    const record = await this.#parts.store.environments.get(id);
    if (record !== undefined) return record;
    throw new Fault(
      'not-found',
      'Unable to find an environment with the specified identifier inside the database',
    );
  }

  async #checkNameIsFree(name: string): Promise<void> {
    const known = await this.#parts.store.environments.list();
    if (!known.some((record) => record.name === name)) return;
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

  async #contact(
    record: Pick<EnvironmentRecord, 'type' | 'containerEngine' | 'agentVersion'>,
    route: EngineRoute,
    signal: AbortSignal,
  ): Promise<Pick<EnvironmentRecord, 'agentVersion' | 'snapshot' | 'status'>> {
    let { agentVersion } = record;
    if (record.type === 2) {
      agentVersion = await checkAgent(route, signal).then(
        (agent) => agent.version,
        (thrown: unknown) => Promise.reject(refused('Unable to get environment type', thrown)),
      );
    }
    try {
      const snapshot = await takeSnapshot(route, this.#parts.now(), signal);
      checkEngineKind(record.containerEngine, snapshot);
      return { agentVersion, snapshot: JSON.stringify(snapshot), status: 1 };
    } catch (thrown) {
      throw refused('Unable to initiate communications with environment', thrown);
    }
  }
}
