/** `fleet-tui problems`: environments that are down, and containers that are ill. */
import { statusWords } from '../format/status-words.ts';
import { containerFacts, environmentFacts } from './facts.ts';
import { gather } from './gather.ts';
import { rowsText } from './output.ts';
import type { LookRequest } from './request.ts';
import { askedEnvironments, selectContainers, selectEnvironments } from './selection.ts';
import { isIll, isWatched, SEVERITY, severityOf } from './severity.ts';
import type { CommandTools } from './tools.ts';

/** Prints what is wrong among what passes the filter, nothing when all is well; resolves to how bad it is. */
export async function runProblems(tools: CommandTools, request: LookRequest): Promise<number> {
  const { filter, form } = request;
  const fleet = await gather(tools.fleet);
  const down = selectEnvironments(fleet, filter).filter(({ connection }) => connection === 'down');
  const containers = selectContainers(fleet, filter);
  const ill = containers.filter(isIll);
  const nowMs = Date.now() - fleet.clockOffsetMs;
  const rows = {
    heads: ['ENVIRONMENT', 'NAME', 'PROBLEM', 'IMAGE'],
    cells: [
      ...down.map(({ name, reason }) => [name, '', reason ?? 'It is down.', '']),
      ...ill.map(({ environment, container }) => [
        environment.name,
        container.name,
        statusWords(container, nowMs),
        container.image,
      ]),
    ],
    facts: [
      ...down.map((one) => ({ what: 'environment', ...environmentFacts(fleet, one) })),
      ...ill.map((one) => ({ what: 'container', ...containerFacts(one) })),
    ],
  };
  if (rows.cells.length > 0 || form === 'json') await tools.write(rowsText(rows, form));
  const environments = askedEnvironments(fleet, filter);
  const severity = severityOf({ environments, containers, isDownProblem: false });
  const isListed = severity !== SEVERITY.noData && down.some(isWatched);
  return isListed ? SEVERITY.problem : severity;
}
