/** `fleet-tui containers`: the containers of the whole fleet, stopped ones too. */
import { publishedPort, statusWords } from '../format/status-words.ts';
import type { LiveFleet } from '../model/live-fleet.ts';
import { containerFacts } from './facts.ts';
import { gather } from './gather.ts';
import { type Rows, rowsText } from './output.ts';
import type { LookRequest } from './request.ts';
import { askedEnvironments, type Selected, selectContainers } from './selection.ts';
import { SEVERITY, severityOf } from './severity.ts';
import type { CommandTools } from './tools.ts';

/** Rows of containers; the status of a silent environment's is marked as stale. */
export function containerRows(fleet: LiveFleet, selected: readonly Selected[]): Rows {
  const nowMs = Date.now() - fleet.clockOffsetMs;
  return {
    heads: ['ENVIRONMENT', 'NAME', 'IMAGE', 'STATE', 'STATUS', 'PORTS'],
    cells: selected.map(({ environment, container }) => [
      environment.name,
      container.name,
      container.image,
      container.state,
      `${statusWords(container, nowMs)}${environment.connection === 'up' ? '' : ', stale'}`,
      container.ports.map(publishedPort).join(', '),
    ]),
    facts: selected.map(containerFacts),
  };
}

/** Prints the containers that pass the filter; resolves to how they are, no data when a filter finds none. */
export async function runContainers(tools: CommandTools, request: LookRequest): Promise<number> {
  const { filter, form } = request;
  const fleet = await gather(tools.fleet);
  const containers = selectContainers(fleet, filter);
  await tools.write(rowsText(containerRows(fleet, containers), form));
  if (containers.length === 0 && filter.kind !== 'everything') return SEVERITY.noData;
  const environments = askedEnvironments(fleet, filter);
  return severityOf({ environments, containers, isDownProblem: false });
}
