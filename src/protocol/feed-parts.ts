/**
 * A large snapshot on its way to a console that takes parts: some environments with all their containers at a time, and at last the
 * snapshot with the rest. Sender and reader have something else to do between two parts, and the first rows are there with the first.
 */
import { z } from 'zod';
import { type Container, containerSchema } from './container.ts';
import { environmentSchema } from './environment.ts';
import type { FeedSnapshot } from './feed.ts';

export const feedPartSchema = z.object({
  kind: z.literal('part'),
  atMs: z.number(),
  environments: z.array(environmentSchema),
  containers: z.array(containerSchema).min(1),
  /** Containers that come after it. */
  left: z.int().min(0).max(1_000_000),
});

export type FeedPart = Readonly<z.infer<typeof feedPartSchema>>;

/** Some 30 ms of work for whoever reads it. */
const CONTAINERS_IN_PART = 1_000;

/** The snapshot in parts, the last of them a snapshot; a small one is its only part. */
export function* partsOf(snapshot: FeedSnapshot): Generator<FeedPart | FeedSnapshot> {
  const byEnvironment = new Map<number, Container[]>();
  for (const container of snapshot.containers) {
    const known = byEnvironment.get(container.environmentId);
    if (known) known.push(container);
    else byEnvironment.set(container.environmentId, [container]);
  }
  let { length: left } = snapshot.containers;
  let environments: FeedSnapshot['environments'] = [];
  let containers: Container[] = [];
  for (const environment of snapshot.environments) {
    environments.push(environment);
    containers.push(...(byEnvironment.get(environment.id) ?? []));
    if (containers.length < CONTAINERS_IN_PART || containers.length === left) continue;
    left -= containers.length;
    yield { kind: 'part', atMs: snapshot.atMs, environments, containers, left };
    environments = [];
    containers = [];
  }
  yield { ...snapshot, environments, containers };
}

/** Puts parts together again, in order, as they come over one connection. */
export class PartsTaken {
  #parts: FeedPart[] = [];

  /** The snapshot of the first part alone, to be shown until all are there; nothing for later ones. False for one that doesn't follow the last. */
  take(part: FeedPart): FeedSnapshot | undefined | false {
    const last = this.#parts.at(-1);
    if (last && part.left + part.containers.length !== last.left) return false;
    this.#parts.push(part);
    if (last) return undefined;
    const { atMs, environments, containers, left } = part;
    return { kind: 'snapshot', sequence: 0, atMs, environments, containers, left };
  }

  /** The snapshot with the parts that came before it. */
  complete(snapshot: FeedSnapshot): FeedSnapshot {
    const parts = this.#parts;
    this.#parts = [];
    if (parts.length === 0) return snapshot;
    const environments = parts.flatMap((part) => part.environments);
    const containers = parts.flatMap((part) => part.containers);
    return {
      ...snapshot,
      environments: [...environments, ...snapshot.environments],
      containers: [...containers, ...snapshot.containers],
    };
  }
}
