/** Waits until everything of a fleet is known: each environment up with its containers, or down. */
import type { Fleet, FleetConnection } from '../../client/fleet.ts';
import { Fault } from '../../protocol/fault.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import { foldFeed } from '../model/fold-feed.ts';
import { EMPTY_FLEET, type LiveFleet } from '../model/live-fleet.ts';

/** How long a slow environment may keep the others waiting. */
const PATIENCE_MS = 10_000;

/** An environment that came up through a change is known only once its containers have come too. */
class Gathering {
  #fleet: LiveFleet = EMPTY_FLEET;
  readonly #listed = new Set<number>();

  get fleet(): LiveFleet {
    return this.#fleet;
  }

  add(message: FeedMessage): void {
    const fold = foldFeed(this.#fleet, message, Date.now());
    if (fold.kind === 'folded') this.#fleet = fold.fleet;
    if (message.kind === 'snapshot')
      for (const { id, connection } of message.environments)
        if (connection === 'up') this.#listed.add(id);
    if (message.kind === 'changes')
      for (const change of message.changes)
        if (change.kind === 'containers') this.#listed.add(change.environmentId);
  }

  isSettled(): boolean {
    if (this.#fleet.sequence === undefined) return false;
    return [...this.#fleet.environments.values()].every(
      ({ id, connection }) =>
        connection === 'down' || (connection === 'up' && this.#listed.has(id)),
    );
  }
}

function failure(state: FleetConnection): Fault | undefined {
  if (state.kind === 'refused') return new Fault('unauthorized', state.reason);
  if (state.kind === 'lost') return new Fault('unreachable', state.reason);
  return undefined;
}

/** Watches until everything is known, or as much as 10 s bring; rejects when there is nothing to show at all. */
export async function gather(fleet: Fleet): Promise<LiveFleet> {
  const gathering = new Gathering();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      if (gathering.fleet.sequence !== undefined) resolve();
      else reject(new Fault('timeout', `${fleet.title} sent nothing within 10 s.`));
    }, PATIENCE_MS);
    fleet.watch({
      feed(message) {
        gathering.add(message);
        if (!gathering.isSettled()) return;
        clearTimeout(timer);
        resolve();
      },
      connection(state) {
        const fault = failure(state);
        if (!fault) return;
        clearTimeout(timer);
        reject(fault);
      },
    });
  });
  return gathering.fleet;
}
