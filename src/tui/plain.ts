/** The fleet without a terminal: waits until every environment is up or down, prints two tables, is done. */
import type { Fleet, FleetConnection } from '../client/fleet.ts';
import type { Container, PublishedPort } from '../protocol/container.ts';
import type { Environment } from '../protocol/environment.ts';
import { Fault } from '../protocol/fault.ts';
import type { FeedMessage } from '../protocol/feed.ts';
import { foldFeed } from './model/fold-feed.ts';
import { EMPTY_FLEET, type LiveFleet } from './model/live-fleet.ts';
import { tableText } from './plain-table.ts';
import { statusWords } from './plain-words.ts';

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
async function gather(fleet: Fleet): Promise<LiveFleet> {
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

/** As docker ps prints it: 0.0.0.0:80->8080/tcp, 443/tcp. */
function portWords(port: PublishedPort): string {
  const inside = `${port.privatePort}/${port.protocol}`;
  if (port.publicPort === null) return inside;
  const address = port.address?.includes(':') ? `[${port.address}]` : (port.address ?? '');
  return `${address}:${port.publicPort}->${inside}`;
}

function environmentRow(fleet: LiveFleet, environment: Environment): string[] {
  const { engine, connection, reason } = environment;
  const tally = fleet.tallies.get(environment.id);
  return [
    environment.name,
    connection,
    engine ? `${engine.kind} ${engine.version}` : '-',
    connection === 'up' ? `${tally?.running ?? 0}/${tally?.total ?? 0}` : '-',
    environment.address,
    ...(reason ? [reason] : []),
  ];
}

function containerRow(container: Container, environmentName: string, nowMs: number): string[] {
  return [
    environmentName,
    container.name,
    container.image,
    container.state,
    statusWords(container, nowMs),
    container.ports.map(portWords).join(', '),
  ];
}

const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
  one.name.localeCompare(other.name);

/** The tables of environments and containers, as text. */
export function fleetText(fleet: LiveFleet, nowMs: number): string {
  const environments = [...fleet.environments.values()].toSorted(byName);
  const serverNowMs = nowMs - fleet.clockOffsetMs;
  const rows = environments.flatMap(({ id, name }) =>
    [...(fleet.containers.get(id)?.values() ?? [])]
      .toSorted(byName)
      .map((container) => containerRow(container, name, serverNowMs)),
  );
  const heads = ['ENVIRONMENT', 'CONNECTION', 'ENGINE', 'RUNNING', 'ADDRESS', ''];
  return [
    tableText(
      heads,
      environments.map((environment) => environmentRow(fleet, environment)),
    ),
    tableText(['ENVIRONMENT', 'NAME', 'IMAGE', 'STATE', 'STATUS', 'PORTS'], rows),
  ].join('\n');
}

/** Prints the fleet to `write` and returns the exit status 0; rejects with a Fault when there is nothing to print. */
export async function printFleet(fleet: Fleet, write: (text: string) => void): Promise<number> {
  const gathered = await gather(fleet);
  write(fleetText(gathered, Date.now()));
  return 0;
}
