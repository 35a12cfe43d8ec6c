/** The list of environments: which answer, how many containers each has, and since when a silent one is silent. */

import type { Environment } from '../../protocol/environment.ts';
import { formatAge, formatBytes, formatCount, formatPercent } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import {
  ageOf,
  EMPTY_TALLY,
  elapsedSince,
  freshLoad,
  type LiveFleet,
  leftUntil,
  maintenanceNow,
} from '../model/live-fleet.ts';
import { isInScope } from '../model/scope.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, nameCell, rightCell, span } from './cells.ts';
import { emptyLines } from './empty.ts';
import type { Area, Line, Span, StyleName } from './view.ts';

export interface EnvironmentWords {
  readonly glyph: string;
  readonly style: StyleName;
  readonly words: string;
}

/** An environment's own state as glyph and words; `?` with the age of the last data when it does not answer, `=` while it is worked on. */
export function environmentWords(
  fleet: LiveFleet,
  environment: Environment,
  nowMs: number,
): EnvironmentWords {
  const maintenance = maintenanceNow(fleet, environment, nowMs);
  if (maintenance) {
    const left = formatAge(leftUntil(fleet, maintenance.untilMs, nowMs));
    return { glyph: '=', style: 'pending', words: `maint. ${left}` };
  }
  switch (environment.connection) {
    case 'connecting':
      return { glyph: '~', style: 'pending', words: 'connecting…' };
    case 'down': {
      const age = ageOf(fleet, environment, nowMs);
      const words = age === undefined ? 'never seen' : `no data ${formatAge(age)}`;
      return { glyph: '?', style: 'nodata', words };
    }
    case 'up': {
      const problems = fleet.tallies.get(environment.id)?.problems ?? 0;
      if (problems === 0) return { glyph: 'o', style: 'dim', words: 'up' };
      return { glyph: '!', style: 'problem', words: `${formatCount(problems)} bad` };
    }
  }
}

interface Widths {
  readonly name: number;
  /** Of CPU and of memory, each; 0 where there is no room. */
  readonly load: number;
  readonly engine: number;
  readonly machine: number;
  readonly address: number;
}

const STATE_WIDTH = 13;
const ENGINE_WIDTH = 13;
const COUNT_WIDTH = 9;
const LOAD_WIDTH = 4;

function widthsFor(width: number): Widths {
  let room = width - 4 - STATE_WIDTH - 1 - COUNT_WIDTH - 1;
  const name = Math.max(8, Math.min(width < 100 ? 16 : 24, room));
  room -= name + 1;
  const load = room >= 2 * (LOAD_WIDTH + 1) ? LOAD_WIDTH : 0;
  room -= load > 0 ? 2 * (LOAD_WIDTH + 1) : 0;
  const engine = room >= ENGINE_WIDTH + 1 ? ENGINE_WIDTH : 0;
  room -= engine + 1;
  const machine = room >= 40 ? 15 : 0;
  room -= machine > 0 ? machine + 1 : 0;
  return { name, load, engine, machine, address: Math.max(0, room) };
}

/** The table as lines: its heads, then as many rows as the area has room for. */
export function environmentLines(state: AppState, area: Area): readonly Line[] {
  const list = state.environments;
  const widths = widthsFor(area.width);
  const heads: Line = {
    spans: [
      span('    ', 'head'),
      cell('ENVIRONMENT', widths.name + 1, 'head'),
      cell('STATE', STATE_WIDTH + 1, 'head'),
      rightCell('UP/TOTAL', COUNT_WIDTH, 'head'),
      span(' ', 'head'),
      ...(widths.load > 0
        ? [rightCell('CPU', LOAD_WIDTH, 'head'), rightCell('MEM', LOAD_WIDTH + 1, 'head')]
        : []),
      span(widths.load > 0 ? ' ' : '', 'head'),
      cell('ENGINE', widths.engine + 1, 'head'),
      ...(widths.machine > 0 ? [cell('MACHINE', widths.machine + 1, 'head')] : []),
      cell('ADDRESS', widths.address, 'head'),
    ],
    fill: 'head',
  };
  if (list.order.length === 0) {
    return [heads, ...emptyLines(state, { ...list, noun: 'environments' })];
  }
  const window = list.order.slice(list.cursor.top, list.cursor.top + area.height - 1);
  return [heads, ...window.map((id) => rowLine(state, id, widths))];
}

function rowLine(state: AppState, id: number, widths: Widths): Line {
  const fleet = shownFleet(state);
  const environment = fleet.environments.get(id);
  if (!environment) return { spans: [] };
  const isSelected = state.environments.cursor.selected === id;
  const { glyph, style, words } = environmentWords(fleet, environment, state.nowMs);
  const loud = isSelected && (style === 'dim' || style === 'nodata') ? undefined : style;
  const quiet: StyleName | undefined = isSelected
    ? undefined
    : style === 'nodata'
      ? 'nodata'
      : 'dim';
  const tally = fleet.tallies.get(id) ?? EMPTY_TALLY;
  const spans = [
    span(isSelected ? '>' : ' '),
    span(' '),
    span(glyph, loud),
    span(' '),
    nameCell(environment.name, widths.name, quiet === 'dim' ? 'plain' : quiet),
    span(' '),
    cell(words, STATE_WIDTH, loud),
    span(' '),
    rightCell(`${formatCount(tally.running)}/${formatCount(tally.total)}`, COUNT_WIDTH, quiet),
    span(' '),
    ...loadCells(state, environment, widths, quiet),
    cell(engineWords(environment), widths.engine, quiet),
    span(' '),
    ...(widths.machine > 0
      ? [cell(machineWords(environment), widths.machine, quiet), span(' ')]
      : []),
    nameCell(environment.address, widths.address, quiet),
  ];
  return { spans, ...(isSelected && { fill: 'selected' as const }) };
}

/** CPU as a share of all the host's cores, memory in bytes; `?` where nobody measures, or not any more. */
function loadCells(
  state: AppState,
  environment: Environment,
  widths: Widths,
  style: StyleName | undefined,
): readonly Span[] {
  if (widths.load === 0) return [];
  const load =
    environment.connection === 'up'
      ? freshLoad(shownFleet(state), environment.id, state.nowMs)
      : undefined;
  const cpu = load ? formatPercent(load.cpuPercent) : '?';
  const memory = load ? formatBytes(load.memoryBytes) : '?';
  return [rightCell(cpu, LOAD_WIDTH, style), rightCell(memory, LOAD_WIDTH + 1, style), span(' ')];
}

function engineWords({ engine }: Environment): string {
  return engine ? `${engine.kind} ${engine.version.replace(/[+~-].*$/, '')}` : '-';
}

function machineWords({ engine }: Environment): string {
  return engine ? `${engine.cpus} cpu, ${formatBytes(engine.memoryBytes)}` : '-';
}

/** The pane of environments beside a wide list: one line each, the scope marked, as many as fit. */
export function treeLines(state: AppState, area: Area): readonly Line[] {
  const fleet = shownFleet(state);
  const { order } = state.environments;
  const heads: Line = { spans: [cell('  ENVIRONMENTS', area.width, 'head')], fill: 'head' };
  const room = area.height - 1;
  const shown = order.length > room ? order.slice(0, room - 1) : order;
  const rows = shown.map((id): Line => treeLine(state, fleet, id, area.width));
  const left = order.length - shown.length;
  return left > 0
    ? [heads, ...rows, { spans: [span(`  … ${left} more`, 'dim')] }]
    : [heads, ...rows];
}

function treeLine(state: AppState, fleet: LiveFleet, id: number, width: number): Line {
  const environment = fleet.environments.get(id);
  if (!environment) return { spans: [] };
  const { glyph, style, words } = environmentWords(fleet, environment, state.nowMs);
  const isScope = state.scope !== undefined && isInScope(fleet, state.scope, id);
  const tally = fleet.tallies.get(id) ?? EMPTY_TALLY;
  const count = style === 'dim' ? `${tally.running}/${tally.total}` : words;
  return {
    spans: [
      span(isScope ? '>' : ' ', 'accent'),
      span(glyph, style),
      span(' '),
      nameCell(
        environment.name,
        width - 16,
        isScope ? 'accent' : style === 'nodata' ? style : 'plain',
      ),
      rightCell(printable(count), 12, style),
    ],
  };
}

/** How long an environment has been in its state, for the describe pane. */
export function connectionAge(fleet: LiveFleet, environment: Environment, nowMs: number): string {
  return formatAge(elapsedSince(fleet, environment.sinceMs, nowMs));
}
