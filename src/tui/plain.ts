/** The fleet without a terminal: waits until every environment is up or down, prints two tables, is done. */
import type { Fleet } from '../client/fleet.ts';
import type { Container } from '../protocol/container.ts';
import type { Environment } from '../protocol/environment.ts';
import { gather } from './commands/gather.ts';
import { publishedPort, statusWords } from './format/status-words.ts';
import { tableText } from './format/table-text.ts';
import type { LiveFleet } from './model/live-fleet.ts';

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
    container.ports.map(publishedPort).join(', '),
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
