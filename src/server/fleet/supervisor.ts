/**
 * One watcher per environment, from its creation to its removal: keeps the live model fed and the stored status true.
 * A host that is away is a state here, never an error.
 */
import type { Logger } from 'pino';
import { dockerodeEngine } from '../../docker/dockerode-engine.ts';
import type { EngineRoute } from '../../docker/route.ts';
import { type EngineWatcher, watchEngine } from '../../docker/watcher.ts';
import type { Environment } from '../../protocol/environment.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Change } from '../../protocol/feed.ts';
import type { EnvironmentRecord, Store } from '../store/store.ts';
import type { AccessBook } from './access-book.ts';
import { DirectWatcher } from './direct-watcher.ts';
import { linkRoute, reasonOf } from './link-route.ts';
import { LinkedWatcher } from './linked-watcher.ts';
import type { Links } from './links.ts';
import type { LiveModel } from './live-model.ts';
import type { MaintenanceBook } from './maintenance-book.ts';
import type { Reach } from './reach.ts';
import type { TagNames } from './tag-names.ts';

/** A watched environment. The route is shared: the proxy's requests go over its pool too. */
export interface Supervised {
  readonly route: EngineRoute;
  readonly watcher: EngineWatcher;
  /** Which life of the agent's process is linked ('' until it has said); undefined when there is no link in between. */
  life(): string | undefined;
}

/** What an administrator says of an environment, whoever watches it. */
type Description = Pick<Environment, 'name' | 'tags' | 'maintenance'>;

interface Entry extends Supervised {
  description: Description;
  readonly recording: Disposable;
}

/** After a start, edge agents are given time to come back by themselves. */
const EDGE_PATIENCE_MS = 20_000;

export interface SupervisorParts {
  readonly reach: Reach;
  readonly links: Links;
  readonly model: LiveModel;
  readonly store: Store;
  readonly tagNames: TagNames;
  readonly maintenance: Pick<MaintenanceBook, 'of' | 'whenChanged'>;
  readonly access: AccessBook;
  readonly log: Logger;
  readonly now: () => number;
}

/** All watched environments by id. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #entries = new Map<number, Entry>();

  #onUp: (id: number) => void = () => undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    parts.maintenance.whenChanged((id) =>
      this.#tell(id, { maintenance: parts.maintenance.of(id) }),
    );
  }

  /** Sets who hears of every environment that comes up. */
  whenUp(tell: (id: number) => void): void {
    this.#onUp = tell;
  }

  /** Fault not-found when the environment is not watched. */
  get(id: number): Supervised {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new Fault(
        'not-found',
        'Unable to find an environment with the specified identifier inside the database',
      );
    }
    return entry;
  }

  /** Whether no call is under way to the environment. */
  isQuiet(id: number): boolean {
    const sockets = this.#entries.get(id)?.route.agent.sockets ?? {};
    return Object.values(sockets).every((list) => list === undefined || list.length === 0);
  }

  /** Starts watching; returns at once, whatever the host does. */
  async start(record: EnvironmentRecord): Promise<void> {
    const { id } = record;
    this.#parts.access.set(record);
    const recording = this.#parts.links.record(id);
    const supervised = record.type === 4 ? this.#watchEdge(record) : await this.#dial(record);
    const description = this.#descriptionOf(record);
    this.#entries.set(id, { ...supervised, description, recording });
    const environment = { ...supervised.watcher.environment, ...description };
    this.#parts.model.apply([{ kind: 'environment', environment }]);
  }

  /** Tells the name, the tags and the policies of a record without touching its connection. */
  describe(record: EnvironmentRecord): void {
    this.#parts.access.set(record);
    this.#tell(record.id, this.#descriptionOf(record));
  }

  /** Stops watching and forgets what was known of it; every connection to it ends. */
  async stop(id: number): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    await entry.watcher[Symbol.asyncDispose]();
    this.#parts.links.switchboard.disconnect(id, 'The environment was removed or changed.');
    entry.recording[Symbol.dispose]();
    await entry.route[Symbol.asyncDispose]();
    this.#parts.access.forget(id);
    this.#parts.model.apply([{ kind: 'environment-gone', environmentId: id }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.stop(id)));
  }

  #tell(id: number, news: Partial<Description>): void {
    const entry = this.#entries.get(id);
    const known = this.#parts.model.environment(id);
    if (entry === undefined || known === undefined) return;
    entry.description = { ...entry.description, ...news };
    const environment = { ...known, ...entry.description };
    this.#parts.model.apply([{ kind: 'environment', environment }]);
  }

  #descriptionOf({ id, name, tagIds }: EnvironmentRecord): Description {
    const { tagNames, maintenance } = this.#parts;
    return { name, tags: [...tagNames.of(tagIds)], maintenance: maintenance.of(id) };
  }

  #hooksOf(record: EnvironmentRecord) {
    const { id, name } = record;
    return {
      environment: { id, name, kind: kindOf(record), address: addressOf(record) },
      onChanges: (changes: readonly Change[]) => this.#take(id, changes),
      onSeen: (atMs: number) => this.#parts.model.seen(id, atMs),
    };
  }

  #watchEdge(record: EnvironmentRecord): Supervised {
    const { links, now } = this.#parts;
    const watcher = new LinkedWatcher({
      ...this.#hooksOf(record),
      switchboard: links.switchboard,
      isAwaited: () => links.book.get(record.id).agentFingerprint !== null,
      firstPatienceMs: EDGE_PATIENCE_MS,
      now,
      onGap: () => links.noteGap(record.id),
    });
    const { switchboard } = links;
    const whyDown = () => reasonOf(watcher);
    const route = linkRoute({ switchboard, environmentId: record.id, whyDown });
    return { route, watcher, life: () => watcher.life };
  }

  async #dial(record: EnvironmentRecord): Promise<Supervised> {
    const { reach, store, log, links, now } = this.#parts;
    const { id } = record;
    const dialled = reach.routeTo(record, {
      pinned: await store.pins.get(id),
      onFirst: (fingerprint) => {
        store.pins.set(id, fingerprint).catch((error: unknown) => {
          log.error({ err: error, environment: id }, 'the pin of an agent could not be kept');
        });
      },
    });
    const hooks = this.#hooksOf(record);
    if (record.type === 2) {
      const pin = await store.pins.get(id);
      const watcher = new DirectWatcher({ ...hooks, record, links, legacy: dialled, pin, now });
      return { route: watcher.route, watcher, life: () => watcher.life };
    }
    const watcher = watchEngine({ ...hooks, engine: dockerodeEngine(dialled) });
    return { route: dialled, watcher, life: () => undefined };
  }

  #take(id: number, changes: readonly Change[]): void {
    const before = this.#parts.model.environment(id)?.connection;
    this.#parts.model.apply(changes.map((change) => this.#described(id, change)));
    const after = this.#parts.model.environment(id);
    if (after !== undefined && after.connection !== before) this.#connectionChanged(id);
  }

  #described(id: number, change: Change): Change {
    const description = this.#entries.get(id)?.description;
    if (change.kind !== 'environment' || description === undefined) return change;
    return { ...change, environment: { ...change.environment, ...description } };
  }

  #connectionChanged(id: number): void {
    const environment = this.#parts.model.environment(id);
    if (environment === undefined || environment.connection === 'connecting') return;
    const { connection, reason, name } = environment;
    const { log, store } = this.#parts;
    log.info({ environment: id, name, connection, reason }, `environment ${connection}`);
    // Portainer keeps no status of edge environments, and a whole fleet of them may come back in one moment.
    if (environment.kind === 'edge-agent') {
      if (connection === 'up') this.#onUp(id);
      return;
    }
    store.environments.update(id, { status: connection === 'up' ? 1 : 2 }).catch((error) => {
      log.error({ err: error, environment: id }, 'the status of an environment could not be kept');
    });
    if (connection === 'up') this.#onUp(id);
  }
}

/** An edge agent has no address of its own that anybody could dial. */
function addressOf(record: EnvironmentRecord): string {
  return record.type === 4 ? 'edge agent' : record.url;
}

function kindOf(record: EnvironmentRecord): Environment['kind'] {
  if (record.type === 4) return 'edge-agent';
  if (record.type === 2) return 'agent';
  return record.url.startsWith('unix:') ? 'socket' : 'tcp';
}
