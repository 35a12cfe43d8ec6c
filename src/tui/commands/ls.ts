/** `fleet-tui ls`: the environments. */
import type { Environment } from '../../protocol/environment.ts';
import { EMPTY_TALLY, type LiveFleet } from '../model/live-fleet.ts';
import { environmentFacts } from './facts.ts';
import { gather } from './gather.ts';
import { rowsText } from './output.ts';
import type { LookRequest } from './request.ts';
import { selectEnvironments } from './selection.ts';
import { severityOf } from './severity.ts';
import type { CommandTools } from './tools.ts';

function cellsOf(fleet: LiveFleet, environment: Environment): string[] {
  const { name, connection, engine, address, reason } = environment;
  const { running, total, problems } = fleet.tallies.get(environment.id) ?? EMPTY_TALLY;
  const isUp = connection === 'up';
  return [
    name,
    connection,
    engine ? `${engine.kind} ${engine.version}` : '-',
    isUp ? `${running}/${total}` : '-',
    isUp ? String(problems) : '-',
    address,
    reason ?? '',
  ];
}

/** Prints the environments that pass the filter; resolves to how they are. */
export async function runLs(tools: CommandTools, request: LookRequest): Promise<number> {
  const fleet = await gather(tools.fleet);
  const environments = selectEnvironments(fleet, request.filter);
  const rows = {
    heads: ['ENVIRONMENT', 'CONNECTION', 'ENGINE', 'RUNNING', 'PROBLEMS', 'ADDRESS', ''],
    cells: environments.map((environment) => cellsOf(fleet, environment)),
    facts: environments.map((environment) => environmentFacts(fleet, environment)),
  };
  await tools.write(rowsText(rows, request.form));
  const containers = environments.flatMap((environment) =>
    [...(fleet.containers.get(environment.id)?.values() ?? [])].map((container) => ({
      environment,
      container,
    })),
  );
  return severityOf({ environments, containers, isDownProblem: true });
}
