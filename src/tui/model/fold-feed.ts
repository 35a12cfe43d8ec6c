/** Folds one feed message into the fleet, and says what it touched so that lists need not be built anew. */
import type { Container } from '../../protocol/container.ts';
import { type ContainerKey, containerKey } from '../../protocol/container-key.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Change, FeedMessage, FeedSnapshot } from '../../protocol/feed.ts';
import type { EnvironmentLoad } from '../../protocol/load.ts';
import type { Problem } from '../../protocol/problem.ts';
import { offsetBy } from './clock-offset.ts';
import { conditionOf } from './condition.ts';
import { EMPTY_FLEET, EMPTY_TALLY, type LiveFleet, type Tally, withLoad } from './live-fleet.ts';

/** One container's value before and after a message; undefined where it did not exist. */
export interface Touch {
  readonly before: Container | undefined;
  readonly after: Container | undefined;
}

export interface Delta {
  /** True when names or everything changed: lists are built anew. */
  readonly isWhole: boolean;
  readonly hasEnvironments: boolean;
  readonly hasProblems: boolean;
  readonly containers: ReadonlyMap<ContainerKey, Touch>;
}

export type Fold =
  | { readonly kind: 'gap' }
  | { readonly kind: 'folded'; readonly fleet: LiveFleet; readonly delta: Delta };

const NOTHING: Delta = {
  isWhole: false,
  hasEnvironments: false,
  hasProblems: false,
  containers: new Map(),
};

/** The fleet after a message that came at `nowMs`; `gap` when a message before it is missing. */
export function foldFeed(fleet: LiveFleet, message: FeedMessage, nowMs: number): Fold {
  if (message.kind === 'snapshot') {
    const delta = { ...NOTHING, isWhole: true, hasEnvironments: true, hasProblems: true };
    return { kind: 'folded', fleet: fromSnapshot(message, nowMs, fleet), delta };
  }
  if (isGap(fleet, message)) return { kind: 'gap' };
  const clockOffset = offsetBy(fleet.clockOffset, message.atMs, nowMs);
  const clockOffsetMs = clockOffset.ms;
  const heard = { sequence: message.sequence, heardAtMs: nowMs, clockOffset, clockOffsetMs };
  const setMs = fleet.clockOffsetMs - clockOffsetMs;
  const known = Math.abs(setMs) < CLOCK_SET_FROM_MS ? fleet : withClockSet(fleet, setMs);
  if (message.kind === 'beat') {
    const environments = new Map(known.environments);
    for (const [id, environment] of environments) {
      const lastSeenAtMs = message.seenAtMs[String(id)] ?? Number.NEGATIVE_INFINITY;
      // What the sender saw before its clock was set, it tells by the old one until it has looked again.
      const isOfOldClock =
        lastSeenAtMs > message.atMs || lastSeenAtMs < (environment.lastSeenAtMs ?? 0);
      if (!isOfOldClock) environments.set(id, { ...environment, lastSeenAtMs });
    }
    return { kind: 'folded', fleet: { ...known, ...heard, environments }, delta: NOTHING };
  }
  const draft = new Draft(known);
  for (const change of message.changes) draft.apply(change);
  return { kind: 'folded', fleet: { ...known, ...heard, ...draft.maps() }, delta: draft.delta() };
}

/** No message is underway for so long: the sender's clock was set. */
const CLOCK_SET_FROM_MS = 20_000;

/** The fleet when the sender's clock was put forward by so much: what it saw before, it saw at other times by its new clock. */
function withClockSet(fleet: LiveFleet, setMs: number): LiveFleet {
  const environments = new Map(fleet.environments);
  for (const [id, environment] of environments) {
    if (environment.lastSeenAtMs === null) continue;
    environments.set(id, { ...environment, lastSeenAtMs: environment.lastSeenAtMs + setMs });
  }
  return { ...fleet, environments };
}

/** A beat repeats the number of the last message or takes the next one; changes always take the next one. */
function isGap(fleet: LiveFleet, message: FeedMessage): boolean {
  if (fleet.sequence === undefined) return true;
  if (message.kind === 'beat' && message.sequence === fleet.sequence) return false;
  return message.sequence !== fleet.sequence + 1;
}

function fromSnapshot(message: FeedSnapshot, nowMs: number, before: LiveFleet): LiveFleet {
  const draft = new Draft(EMPTY_FLEET);
  for (const environment of message.environments) draft.apply({ kind: 'environment', environment });
  for (const container of message.containers) draft.put(containerKey(container), container);
  for (const load of message.loads ?? []) draft.apply({ kind: 'load', load });
  for (const problem of message.problems ?? []) draft.apply({ kind: 'problem', problem });
  const clockOffset = offsetBy(undefined, message.atMs, nowMs);
  return {
    ...draft.maps(),
    figures: before.figures,
    account: message.account,
    ...(message.left === undefined
      ? { sequence: message.sequence, awaited: 0, heardAtMs: nowMs }
      : { sequence: undefined, awaited: message.left, heardAtMs: undefined }),
    clockOffset,
    clockOffsetMs: clockOffset.ms,
  };
}

/** Names and tags stand in the lists of containers. */
function isNamedAnew(before: Environment, after: Environment): boolean {
  return before.name !== after.name || before.tags.join('\n') !== after.tags.join('\n');
}

function tallyOf(container: Container): Tally {
  return {
    total: 1,
    running: container.state === 'running' ? 1 : 0,
    problems: conditionOf(container) === 'problem' ? 1 : 0,
  };
}

/** A map of a fleet that is copied at its first write: a message about loads copies no containers. */
class Copied<Key, Value> {
  #map: ReadonlyMap<Key, Value>;
  #own: Map<Key, Value> | undefined;

  constructor(map: ReadonlyMap<Key, Value>) {
    this.#map = map;
  }

  get now(): ReadonlyMap<Key, Value> {
    return this.#map;
  }

  get draft(): Map<Key, Value> {
    if (this.#own === undefined) {
      this.#own = new Map(this.#map);
      this.#map = this.#own;
    }
    return this.#own;
  }
}

/** Copies on first write: a map is copied once per message, and only when it changes. */
class Draft {
  readonly #environments: Copied<number, Environment>;
  readonly #containers: Copied<number, ReadonlyMap<ContainerKey, Container>>;
  readonly #tallies: Copied<number, Tally>;
  readonly #loads: Copied<number, readonly EnvironmentLoad[]>;
  readonly #problems: ReadonlyMap<string, Problem>;
  readonly #problemChanges = new Map<string, Problem | undefined>();
  readonly #owned = new Map<number, Map<ContainerKey, Container>>();
  readonly #touched = new Map<ContainerKey, Touch>();
  #isWhole = false;
  #hasEnvironments = false;

  constructor(fleet: LiveFleet) {
    this.#environments = new Copied(fleet.environments);
    this.#containers = new Copied(fleet.containers);
    this.#tallies = new Copied(fleet.tallies);
    this.#loads = new Copied(fleet.loads);
    this.#problems = fleet.problems;
  }

  maps() {
    return {
      environments: this.#environments.now,
      containers: this.#containers.now,
      tallies: this.#tallies.now,
      loads: this.#loads.now,
      problems: this.#problemsNow(),
    };
  }

  delta(): Delta {
    return {
      isWhole: this.#isWhole,
      hasEnvironments: this.#hasEnvironments,
      hasProblems: this.#problemChanges.size > 0,
      containers: this.#touched,
    };
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'environment': {
        const known = this.#environments.now.get(change.environment.id);
        if (known && isNamedAnew(known, change.environment)) this.#isWhole = true;
        this.#environments.draft.set(change.environment.id, change.environment);
        this.#hasEnvironments = true;
        return;
      }
      case 'environment-gone':
        this.#replace(change.environmentId, []);
        this.#environments.draft.delete(change.environmentId);
        this.#containers.draft.delete(change.environmentId);
        this.#owned.delete(change.environmentId);
        this.#tallies.draft.delete(change.environmentId);
        this.#loads.draft.delete(change.environmentId);
        this.#hasEnvironments = true;
        return;
      case 'container':
        this.put(containerKey(change.container), change.container);
        return;
      case 'container-gone':
        this.#remove(change.environmentId, `${change.environmentId}/${change.id}`);
        return;
      case 'containers':
        this.#replace(change.environmentId, change.containers);
        return;
      case 'load': {
        const { environmentId } = change.load;
        if (!this.#environments.now.has(environmentId)) return;
        const loads = withLoad(this.#loads.now.get(environmentId), change.load);
        this.#loads.draft.set(environmentId, loads);
        return;
      }
      case 'problem':
        this.#problemChanges.set(change.problem.id, change.problem);
        return;
      case 'problem-gone':
        this.#problemChanges.set(change.id, undefined);
    }
  }

  put(key: ContainerKey, container: Container): void {
    const own = this.#own(container.environmentId);
    this.#count(container.environmentId, own.get(key), container);
    this.#touch(key, own.get(key), container);
    own.set(key, container);
  }

  #problemsNow(): ReadonlyMap<string, Problem> {
    if (this.#problemChanges.size === 0) return this.#problems;
    const next = new Map(this.#problems);
    for (const [id, problem] of this.#problemChanges) {
      if (problem) next.set(id, problem);
      else next.delete(id);
    }
    return next;
  }

  #remove(environmentId: number, key: ContainerKey): void {
    const before = this.#containers.now.get(environmentId)?.get(key);
    if (!before) return;
    this.#own(environmentId).delete(key);
    this.#count(environmentId, before, undefined);
    this.#touch(key, before, undefined);
  }

  #replace(environmentId: number, containers: readonly Container[]): void {
    const next = new Map(containers.map((container) => [containerKey(container), container]));
    for (const key of [...this.#own(environmentId).keys()]) {
      if (!next.has(key)) this.#remove(environmentId, key);
    }
    for (const [key, container] of next) this.put(key, container);
  }

  #own(environmentId: number): Map<ContainerKey, Container> {
    const known = this.#owned.get(environmentId);
    if (known) return known;
    const copy = new Map(this.#containers.now.get(environmentId));
    this.#containers.draft.set(environmentId, copy);
    this.#owned.set(environmentId, copy);
    return copy;
  }

  #touch(key: ContainerKey, before: Container | undefined, after: Container | undefined): void {
    const earlier = this.#touched.get(key);
    this.#touched.set(key, { before: earlier ? earlier.before : before, after });
  }

  #count(environmentId: number, before: Container | undefined, after: Container | undefined) {
    const tally = this.#tallies.now.get(environmentId) ?? EMPTY_TALLY;
    const minus = before ? tallyOf(before) : EMPTY_TALLY;
    const plus = after ? tallyOf(after) : EMPTY_TALLY;
    this.#tallies.draft.set(environmentId, {
      total: tally.total + plus.total - minus.total,
      running: tally.running + plus.running - minus.running,
      problems: tally.problems + plus.problems - minus.problems,
    });
  }
}
