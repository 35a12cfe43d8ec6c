/** `fleet-tui stats`: what the containers of the fleet use now, as docker stats --no-stream says it of one host. */
import type { Fleet } from '../../client/fleet.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import type { ContainerSample } from '../../protocol/sample.ts';
import { formatBytes, formatCores } from '../format/amounts.ts';
import { gather } from './gather.ts';
import { type Rows, rowsText } from './output.ts';
import type { LookRequest } from './request.ts';
import { type Selected, selectContainers } from './selection.ts';
import { SEVERITY } from './severity.ts';
import type { CommandTools } from './tools.ts';

interface Row extends Selected {
  /** Undefined where nobody has measured it. */
  readonly sample: ContainerSample | undefined;
}

/** Environments are asked side by side, so many at a time. */
const MOST_AT_ONCE = 8;
const DEADLINE_MS = 60_000;

/** Prints what running containers use; resolves to 0, 1 when some could not be measured, 3 when there is nothing to show. */
export async function runStats(tools: CommandTools, request: LookRequest): Promise<number> {
  const { fleet } = tools;
  if (fleet.stats === undefined)
    throw new Fault('bad-settings', `${fleet.title} does not say what its containers use.`);
  const live = await gather(fleet);
  const running = selectContainers(live, request.filter).filter(
    ({ environment, container }) =>
      environment.connection === 'up' && container.state === 'running',
  );
  const samples = await measured(fleet, running);
  const rows = running.map((selected) => ({ ...selected, sample: samples.get(keyOf(selected)) }));
  await tools.write(rowsText(statsRows(rows), request.form));
  for (const why of samples.failures) tools.say(why);
  if (rows.every(({ sample }) => sample === undefined)) return SEVERITY.noData;
  return rows.some(({ sample }) => sample === undefined) ? SEVERITY.degraded : SEVERITY.ok;
}

const keyOf = ({ environment, container }: Selected) => `${environment.id}/${container.id}`;

class Samples extends Map<string, ContainerSample> {
  readonly failures: string[] = [];
}

async function measured(fleet: Fleet, running: readonly Selected[]): Promise<Samples> {
  const samples = new Samples();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const queue = [...byEnvironment(running)];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [{ id, name }, some] = next;
      const ids = some.length > MOST_IDS ? undefined : some.map(({ container }) => container.id);
      try {
        for (const sample of (await fleet.stats?.(id, ids, signal)) ?? [])
          samples.set(`${id}/${sample.id}`, sample);
      } catch (thrown) {
        const { message } = asFault(thrown, 'internal', 'It could not be measured.');
        samples.failures.push(`${name}: ${message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, work));
  return samples;
}

function byEnvironment(running: readonly Selected[]): Map<Selected['environment'], Selected[]> {
  const groups = new Map<Selected['environment'], Selected[]>();
  for (const one of running)
    groups.set(one.environment, [...(groups.get(one.environment) ?? []), one]);
  return groups;
}

/** More are asked for as all of them. */
const MOST_IDS = 100;

/** Rows of figures; `-` where there is none. */
function statsRows(rows: readonly Row[]): Rows {
  const pair = (one: number, other: number) => `${formatBytes(one)} / ${formatBytes(other)}`;
  const cells = rows.map(({ environment, container, sample }) => {
    const names = [environment.name, container.name];
    if (sample === undefined) return [...names, '-', '-', '-', '-', '-', '-'];
    const share = sample.memoryLimitBytes
      ? `${((sample.memoryBytes / sample.memoryLimitBytes) * 100).toFixed(1)}%`
      : '-';
    return [
      ...names,
      sample.cpuCores === null ? '-' : formatCores(sample.cpuCores),
      pair(sample.memoryBytes, sample.memoryLimitBytes),
      share,
      pair(sample.networkInBytes, sample.networkOutBytes),
      pair(sample.blockReadBytes, sample.blockWriteBytes),
      String(sample.pids),
    ];
  });
  return {
    heads: ['ENVIRONMENT', 'NAME', 'CPU', 'MEM / LIMIT', 'MEM %', 'NET I/O', 'BLOCK I/O', 'PIDS'],
    cells,
    facts: rows.map(statsFacts),
  };
}

function statsFacts({ environment, container, sample }: Row) {
  const { id, atMs, ...figures } = sample ?? { id: container.id, atMs: null };
  return {
    environment: { id: environment.id, name: environment.name },
    id,
    name: container.name,
    measuredAt: atMs === null ? null : new Date(atMs).toISOString(),
    ...figures,
  };
}
