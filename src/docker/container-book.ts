/** What is known of one engine's containers, and what changes when it lists some or all of them again. No I/O. */
import type { ContainerInfo } from 'dockerode';
import type { Container } from '../protocol/container.ts';
import type { Change } from '../protocol/feed.ts';
import { containerFromInfo, type KnownTime, type KnownTimes } from './container-words.ts';
import type { EngineEvent } from './engine.ts';
import { withSharedTexts } from './shared-texts.ts';

/** Far more than an engine holds; a peer that names more ids in events is not believed. */
const TIMES_LIMIT = 20_000;

export class ContainerBook {
  readonly #environmentId: number;
  #containers = new Map<string, Container>();
  /** Told by events, ahead of the list that will show them. */
  readonly #times = new Map<string, KnownTimes>();
  readonly #restarts = new Map<string, number>();
  readonly #ooms = new Map<string, number>();

  constructor(environmentId: number) {
    this.#environmentId = environmentId;
  }

  get containers(): ReadonlyMap<string, Container> {
    return this.#containers;
  }

  /** Takes the exact time from a start or an end; the list that follows decides everything else. */
  note(event: EngineEvent): void {
    const time: KnownTime = { atMs: event.atMs, isExact: true };
    const { containerId: id } = event;
    const known = this.#times.get(id);
    if (this.#times.size > TIMES_LIMIT) this.#times.clear();
    if (event.action === 'start') {
      this.#times.set(id, { ...known, started: time });
      this.#countRestart(id);
    }
    if (event.action === 'oom' && this.#containers.has(id)) {
      this.#ooms.set(id, (this.#ooms.get(id) ?? 0) + 1);
    }
    if (event.action === 'die' || event.action === 'died') {
      this.#times.set(id, { ...known, finished: time });
    }
  }

  /** A container that was listed as created starts for the first time. */
  #countRestart(id: string): void {
    const before = this.#containers.get(id);
    if (!before || before.state === 'created') return;
    this.#restarts.set(id, (this.#restarts.get(id) ?? 0) + 1);
  }

  /** Starts over from a full list, as after a connect. */
  replace(infos: readonly ContainerInfo[], nowMs: number): Container[] {
    const containers = infos.map((info) => this.#translate(info, nowMs));
    this.#containers = new Map(containers.map((container) => [container.id, container]));
    this.#forgetOthers();
    return containers;
  }

  /**
   * Takes in a list of the containers with `ids` (undefined: of all), and tells the changes in the order of `ids`, which is the
   * one in which they happened; what was asked for and not listed is gone.
   */
  merge(
    infos: readonly ContainerInfo[],
    ids: readonly string[] | undefined,
    nowMs: number,
  ): Change[] {
    const changes: Change[] = [];
    const listed = new Set<string>();
    for (const info of inTurn(infos, ids)) {
      listed.add(info.Id);
      const container = this.#translate(info, nowMs);
      const before = this.#containers.get(info.Id);
      if (before && JSON.stringify(before) === JSON.stringify(container)) continue;
      this.#containers.set(info.Id, container);
      changes.push({ kind: 'container', container });
    }
    for (const id of ids ?? [...this.#containers.keys()]) {
      if (listed.has(id)) continue;
      this.#times.delete(id);
      this.#restarts.delete(id);
      this.#ooms.delete(id);
      if (!this.#containers.delete(id)) continue;
      changes.push({ kind: 'container-gone', environmentId: this.#environmentId, id });
    }
    return changes;
  }

  #translate(info: ContainerInfo, nowMs: number): Container {
    const before = this.#containers.get(info.Id);
    const told = this.#times.get(info.Id);
    const known = {
      started: told?.started ?? timeBefore(before, before?.startedAtMs),
      finished: told?.finished ?? timeBefore(before, before?.finishedAtMs),
    };
    const container = containerFromInfo(info, {
      environmentId: this.#environmentId,
      nowMs,
      known,
      restartsSeen: this.#restarts.get(info.Id) ?? 0,
      oomsSeen: this.#ooms.get(info.Id) ?? 0,
    });
    return withSharedTexts(container);
  }

  #forgetOthers(): void {
    for (const known of [this.#times, this.#restarts, this.#ooms]) {
      for (const id of known.keys()) if (!this.#containers.has(id)) known.delete(id);
    }
  }
}

/** In the order of the ids; without any, oldest first. An engine lists the newest first. */
function inTurn(infos: readonly ContainerInfo[], ids: readonly string[] | undefined) {
  if (!ids) return infos.toReversed();
  const turns = new Map(ids.map((id, index) => [id, index]));
  return infos.toSorted((a, b) => (turns.get(a.Id) ?? 0) - (turns.get(b.Id) ?? 0));
}

function timeBefore(
  before: Container | undefined,
  atMs: number | null | undefined,
): KnownTime | undefined {
  if (!before || atMs === null || atMs === undefined) return undefined;
  return { atMs, isExact: before.isTimeExact };
}
