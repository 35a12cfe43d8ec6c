/**
 * The live state of the whole fleet, folded from the watchers' changes, and the feed that tells it onwards.
 * Changes are gathered for 100 ms; of several about one thing only the last is told. A new reader first gets a snapshot.
 */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Change, FeedMessage, FeedSnapshot } from '../../protocol/feed.ts';
import { BEAT_INTERVAL_MS } from '../../protocol/feed-pace.ts';
import type { Problem } from '../../protocol/problem.ts';
import { LoadBook } from './load-book.ts';

const GATHER_MS = 100;

/** Receives a snapshot at once, then everything else in order; must not throw. */
export type FeedReader = (message: FeedMessage) => void;

function keyOf(change: Change): string {
  switch (change.kind) {
    case 'environment':
      return `environment ${change.environment.id}`;
    case 'environment-gone':
      return `environment ${change.environmentId}`;
    case 'container':
      return `container ${change.container.environmentId}/${change.container.id}`;
    case 'container-gone':
      return `container ${change.environmentId}/${change.id}`;
    case 'containers':
      return `containers ${change.environmentId}`;
    case 'load':
      return `load ${change.load.environmentId}`;
    case 'problem':
      return `problem ${change.problem.id}`;
    case 'problem-gone':
      return `problem ${change.id}`;
  }
}

/** One fleet, many readers. */
export class LiveModel {
  readonly #environments = new Map<number, Environment>();
  readonly #containers = new Map<number, Map<string, Container>>();
  readonly #seenAtMs = new Map<number, number>();
  /** Environments whose sign of life no beat has told yet. */
  readonly #justSeen = new Set<number>();
  readonly #loads = new LoadBook();
  readonly #problems = new Map<string, Problem>();
  readonly #pending = new Map<string, Change>();
  readonly #readers = new Set<FeedReader>();
  readonly #now: () => number;
  readonly #beat: NodeJS.Timeout;
  #gathering: NodeJS.Timeout | undefined;
  #sequence = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#beat = setInterval(() => this.#tell(this.#beatNow()), BEAT_INTERVAL_MS).unref();
  }

  environment(id: number): Environment | undefined {
    return this.#environments.get(id);
  }

  environments(): Iterable<Environment> {
    return this.#environments.values();
  }

  environmentIds(): readonly number[] {
    return [...this.#environments.keys()];
  }

  container(environmentId: number, id: string): Container | undefined {
    return this.#containers.get(environmentId)?.get(id);
  }

  containersOf(environmentId: number): Iterable<Container> {
    return this.#containers.get(environmentId)?.values() ?? [];
  }

  /** When the engine last proved to be alive; null if never. */
  seenAtMs(environmentId: number): number | null {
    return this.#seenAtMs.get(environmentId) ?? null;
  }

  /** Folds changes in; readers hear of them within 100 ms. Changes of an unknown environment are dropped. */
  apply(changes: readonly Change[]): void {
    for (const change of changes) if (this.#fold(change)) this.#remember(change);
    if (this.#pending.size === 0) return;
    this.#gathering ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  /** Tells readers again of one container, or of all of an environment: who may see it has changed, not what it is. */
  retell(environmentId: number, id?: string): void {
    const containers = [...this.containersOf(environmentId)];
    const container = id === undefined ? undefined : this.container(environmentId, id);
    if (container) this.apply([{ kind: 'container', container }]);
    else if (id === undefined) this.apply([{ kind: 'containers', environmentId, containers }]);
  }

  /** A sign of life; told with the next beat. */
  seen(environmentId: number, atMs: number): void {
    if (!this.#environments.has(environmentId)) return;
    this.#seenAtMs.set(environmentId, atMs);
    this.#justSeen.add(environmentId);
  }

  /** Adds a reader and returns what ends its reading. */
  subscribe(reader: FeedReader): () => void {
    this.#flush();
    reader(this.snapshot());
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  snapshot(): FeedSnapshot {
    return {
      kind: 'snapshot',
      sequence: this.#sequence,
      atMs: this.#now(),
      environments: [...this.#environments.values()].map((environment) =>
        this.#asSeen(environment),
      ),
      containers: [...this.#containers.values()].flatMap((known) => [...known.values()]),
      loads: this.#loads.latest(),
      problems: [...this.#problems.values()],
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat);
    clearTimeout(this.#gathering);
    this.#readers.clear();
  }

  #fold(change: Change): boolean {
    switch (change.kind) {
      case 'environment': {
        const { environment } = change;
        this.#environments.set(environment.id, environment);
        if (!this.#containers.has(environment.id)) this.#containers.set(environment.id, new Map());
        // Whoever only describes it anew may know of older signs of life than we.
        const { id, lastSeenAtMs } = environment;
        if (lastSeenAtMs !== null && !this.#seenAtMs.has(id)) this.seen(id, lastSeenAtMs);
        return true;
      }
      case 'environment-gone':
        this.#containers.delete(change.environmentId);
        this.#seenAtMs.delete(change.environmentId);
        this.#justSeen.delete(change.environmentId);
        this.#loads.forget(change.environmentId);
        return this.#environments.delete(change.environmentId);
      case 'container': {
        const known = this.#containers.get(change.container.environmentId);
        known?.set(change.container.id, change.container);
        return known !== undefined;
      }
      case 'container-gone':
        return this.#containers.get(change.environmentId)?.delete(change.id) ?? false;
      case 'containers': {
        if (!this.#environments.has(change.environmentId)) return false;
        const all = change.containers.map((container) => [container.id, container] as const);
        this.#containers.set(change.environmentId, new Map(all));
        return true;
      }
      case 'load':
        return this.#environments.has(change.load.environmentId) && this.#loads.add(change.load);
      case 'problem':
        this.#problems.set(change.problem.id, change.problem);
        return true;
      case 'problem-gone':
        return this.#problems.delete(change.id);
    }
  }

  #remember(change: Change): void {
    if (change.kind === 'containers' || change.kind === 'environment-gone') {
      const prefix = `container ${change.environmentId}/`;
      for (const key of this.#pending.keys()) if (key.startsWith(prefix)) this.#pending.delete(key);
    }
    if (change.kind === 'environment-gone') {
      this.#pending.delete(`containers ${change.environmentId}`);
      this.#pending.delete(`load ${change.environmentId}`);
    }
    const key = keyOf(change);
    // An environment keeps its place: readers must hear of it before its containers.
    if (!key.startsWith('environment')) this.#pending.delete(key);
    this.#pending.set(key, change);
  }

  #flush(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#pending.size === 0) return;
    const changes = [...this.#pending.values()].map((change) =>
      change.kind === 'environment'
        ? { ...change, environment: this.#asSeen(change.environment) }
        : change,
    );
    this.#pending.clear();
    this.#sequence += 1;
    this.#tell({ kind: 'changes', sequence: this.#sequence, atMs: this.#now(), changes });
  }

  /** Only what is new: of thousands few are seen between two beats, and each reader began with a snapshot of all. */
  #beatNow(): FeedMessage {
    const seenAtMs: Record<string, number> = {};
    for (const id of this.#justSeen) seenAtMs[id] = this.#seenAtMs.get(id) ?? 0;
    this.#justSeen.clear();
    return { kind: 'beat', sequence: this.#sequence, atMs: this.#now(), seenAtMs };
  }

  #asSeen(environment: Environment): Environment {
    const lastSeenAtMs = this.#seenAtMs.get(environment.id) ?? environment.lastSeenAtMs;
    return { ...environment, lastSeenAtMs };
  }

  #tell(message: FeedMessage): void {
    for (const reader of this.#readers) reader(message);
  }
}
