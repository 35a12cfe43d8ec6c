/**
 * `fleet-tui logs`: one log or many in one. What has been written is merged exactly by time; lines written while
 * following are put in order within a quarter of a second.
 */
import { asFault } from '../../protocol/fault.ts';
import type { LogLine } from '../../protocol/log-line.ts';
import { formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { LiveFleet } from '../model/live-fleet.ts';
import { gather } from './gather.ts';
import { inTurn, ordered, type Sourced } from './log-order.ts';
import type { LogsRequest } from './request.ts';
import { type Selected, selectContainers } from './selection.ts';
import { SEVERITY } from './severity.ts';
import type { CommandTools } from './tools.ts';

/** Each log is a connection of its own. */
const MAX_LOGS = 500;

const FAILED = 1;

/** Reads one log; what breaks it is said once and ends it, not the others. */
async function* reading(
  tools: CommandTools,
  source: Selected,
  how: { readonly request: LogsRequest; readonly sinceMs: number | undefined; fail(): void },
): AsyncGenerator<readonly LogLine[]> {
  const { environment, container } = source;
  const { follow, tail } = how.request;
  const { sinceMs } = how;
  const ask = {
    follow,
    ...(tail !== undefined && { tail }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
  try {
    const engine = tools.fleet.engine(environment.id);
    yield* engine.logs(container.id, ask, new AbortController().signal);
  } catch (thrown) {
    how.fail();
    const { message } = asFault(thrown, 'internal', 'Reading failed.');
    tools.say(`The log of ${environment.name}/${container.name} ended: ${message}`);
  }
}

function lineText(
  { line, source }: Sourced<Selected>,
  shown: {
    readonly request: LogsRequest;
    readonly hasPrefix: boolean;
    readonly isTerminal: boolean;
  },
): string {
  const { request, hasPrefix, isTerminal } = shown;
  const { environment, container } = source;
  const time = line.atMs === null ? null : new Date(line.atMs).toISOString();
  if (request.form === 'json') {
    const { stream, text } = line;
    const from = { environment: environment.name, container: container.name, id: container.id };
    return `${JSON.stringify({ time, ...from, stream, text })}\n`;
  }
  const place = [printable(environment.name), printable(container.name)];
  // A program that reads us gets what was written; a terminal must not obey it.
  const text = isTerminal ? printable(line.text) : line.text;
  if (request.form === 'plain') return `${[time ?? '', ...place, text].join('\t')}\n`;
  const stamp = request.timestamps ? `${time ?? '-'} ` : '';
  return `${hasPrefix ? `${place.join('/')} ` : ''}${stamp}${text}\n`;
}

/** How far back, by the clock of those who wrote the logs as far as we know it. */
function sinceMsOf({ since }: LogsRequest, fleet: LiveFleet): number | undefined {
  if (!since) return undefined;
  return 'atMs' in since ? since.atMs : Date.now() - fleet.clockOffsetMs - since.agoMs;
}

/** Prints the logs of the containers that pass the filter until they end; 0, 1 when one broke, 3 without containers. */
export async function runLogs(tools: CommandTools, request: LogsRequest): Promise<number> {
  const fleet = await gather(tools.fleet);
  const selected = selectContainers(fleet, request.filter);
  const silent = selected.filter(({ environment }) => environment.connection !== 'up');
  const readable = selected.filter(({ environment }) => environment.connection === 'up');
  let failed = silent.length > 0;
  for (const { environment, container } of silent)
    tools.say(
      `${environment.name}/${container.name} can't be read: the environment does not answer.`,
    );
  if (selected.length === 0) {
    tools.say('The filter finds no container.');
    return SEVERITY.noData;
  }
  const read = readable.slice(0, MAX_LOGS);
  if (read.length < readable.length) {
    failed = true;
    tools.say(`Only ${formatThings(MAX_LOGS, 'log')} of ${readable.length} can be read at once.`);
  }
  const fail = () => {
    failed = true;
  };
  const how = { request, sinceMs: sinceMsOf(request, fleet), fail };
  const logs = read.map((source) => ({ source, batches: reading(tools, source, how) }));
  const shown = { request, hasPrefix: selected.length > 1, isTerminal: tools.isTerminal };
  for await (const lines of request.follow ? inTurn(logs) : ordered(logs))
    await tools.write(lines.map((line) => lineText(line, shown)).join(''));
  return failed ? FAILED : 0;
}
