/** `fleet-tui wall --once`: the tiles of the wall as text, with the exit status of the worst of them. */
import { formatAge } from '../format/amounts.ts';
import { freshWall, type TileState } from '../model/wall.ts';
import { type Tile, tilesOf } from '../model/wall-tiles.ts';
import { gather } from './gather.ts';
import { rowsText } from './output.ts';
import type { LookRequest } from './request.ts';
import { SEVERITY } from './severity.ts';
import type { CommandTools } from './tools.ts';

const ageText = (ageMs: number | undefined) => (ageMs === undefined ? 'never' : formatAge(ageMs));

const WORDS: Readonly<Record<TileState, string>> = {
  problem: 'problem',
  nodata: 'no data',
  degraded: 'degraded',
  muted: 'muted',
  maintenance: 'maintenance',
  ok: 'ok',
};

function worstOf(tile: Tile): string {
  if (tile.maintenance) return `${tile.maintenance.by}: ${tile.maintenance.why}`;
  const [worst] = tile.problems;
  if (!worst) return tile.environments.find(({ reason }) => reason !== null)?.reason ?? '';
  return worst.containerId === null ? worst.sentence : `${worst.name}: ${worst.sentence}`;
}

function factsOf(tile: Tile) {
  const { name, state, total, running, bad, changing, ageMs, cpuPercent, problems } = tile;
  return {
    name,
    state: WORDS[state],
    isAcknowledged: tile.isAcknowledged,
    containers: { total, running, problems: bad, changing },
    dataAgeMs: ageMs ?? null,
    cpuPercent: cpuPercent ?? null,
    memoryBytes: tile.memoryBytes ?? null,
    problems: problems.map(({ id, kind, severity, sentence, times, acknowledged, ...rest }) => ({
      id,
      name: rest.name,
      kind,
      severity,
      sentence,
      times,
      since: new Date(rest.sinceMs).toISOString(),
      acknowledgedBy: acknowledged?.by ?? null,
    })),
  };
}

/**
 * No data when nothing answers; else a problem, else degraded: a part that does not answer is that too. What is worked on
 * does not count.
 */
function statusOf(all: readonly Tile[]): number {
  const tiles = all.filter(({ state }) => state !== 'maintenance');
  if (tiles.length === 0 && all.length > 0) return SEVERITY.ok;
  const has = (state: TileState) => tiles.some((tile) => tile.state === state);
  if (tiles.every(({ state }) => state === 'nodata')) return SEVERITY.noData;
  if (has('problem')) return SEVERITY.problem;
  return has('degraded') || has('nodata') ? SEVERITY.degraded : SEVERITY.ok;
}

/** Prints the tiles of the environments that pass the filter; resolves to how they are. */
export async function runWall(tools: CommandTools, request: LookRequest): Promise<number> {
  const fleet = await gather(tools.fleet);
  const nowMs = Date.now();
  const tiles = tilesOf(fleet, freshWall(nowMs, { scope: request.filter }), nowMs);
  const rows = {
    heads: ['ENVIRONMENT', 'STATE', 'UP', 'DATA', 'CPU', 'WORST'],
    cells: tiles.map((tile) => [
      tile.name,
      WORDS[tile.state],
      `${tile.running}/${tile.total}`,
      ageText(tile.ageMs),
      tile.cpuPercent === undefined ? '-' : `${Math.round(tile.cpuPercent)}%`,
      worstOf(tile),
    ]),
    facts: tiles.map(factsOf),
  };
  await tools.write(rowsText(rows, request.form));
  return statusOf(tiles);
}
