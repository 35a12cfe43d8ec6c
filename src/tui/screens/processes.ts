/** The processes of a container as a table: heads, then as many rows as fit. */
import type { ContainerProcess } from '../../protocol/sample.ts';
import { formatAge, formatBytes, formatCount, formatPercent } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { type ProcessesScreen, type ProcessSort, shownProcesses } from '../model/processes-view.ts';
import { cell, plainLine, rightCell, type Segment, span } from './cells.ts';
import type { Area, Line } from './view.ts';

const PID_WIDTH = 8;
const USER_WIDTH = 10;
const FIGURE_WIDTH = 5;
const TIME_WIDTH = 9;

/** The table as lines; why the last question failed stands above it. */
export function processLines(screen: ProcessesScreen, area: Area): readonly Line[] {
  const { processes, why, top } = screen;
  const trouble = why === undefined ? [] : [plainLine(` ${printable(why)}`, 'error')];
  if (processes === undefined)
    return why === undefined ? [plainLine(' asking the engine …', 'pending')] : trouble;
  const shown = shownProcesses(screen);
  const rows =
    shown.length === 0
      ? [plainLine('   No process matches the filter.', 'nodata')]
      : shown.slice(top, top + processRoom(area)).map((one) => rowLine(one, area.width));
  return [...trouble, headLine(screen, area.width), ...rows];
}

/** Rows that an area has room for below its heads. */
export function processRoom({ height }: Pick<Area, 'height'>): number {
  return Math.max(1, height - 1);
}

function commandWidth(width: number): number {
  const left = PID_WIDTH + USER_WIDTH + 2 * FIGURE_WIDTH + TIME_WIDTH + 7;
  return Math.max(8, width - left);
}

function headLine({ sort, isReversed }: ProcessesScreen, width: number): Line {
  const head = (text: string, of: ProcessSort) =>
    sort === of ? `${text}${isReversed ? '↓' : '↑'}` : text;
  return {
    spans: [
      rightCell(head('PID', 'pid'), PID_WIDTH, 'head'),
      span('  ', 'head'),
      cell('USER', USER_WIDTH, 'head'),
      rightCell(head('CPU', 'cpu'), FIGURE_WIDTH, 'head'),
      span(' ', 'head'),
      rightCell(head('MEM', 'memory'), FIGURE_WIDTH, 'head'),
      span('  ', 'head'),
      rightCell('TIME', TIME_WIDTH, 'head'),
      span('  ', 'head'),
      cell('COMMAND', commandWidth(width), 'head'),
    ],
    fill: 'head',
  };
}

function rowLine(process: ContainerProcess, width: number): Line {
  const { pid, user, cpuPercent, memoryBytes, time, command } = process;
  return {
    spans: [
      rightCell(String(pid), PID_WIDTH, 'dim'),
      span('  '),
      cell(user, USER_WIDTH, 'dim'),
      rightCell(cpuPercent === null ? '-' : formatPercent(cpuPercent), FIGURE_WIDTH),
      span(' '),
      rightCell(memoryBytes === null ? '-' : formatBytes(memoryBytes), FIGURE_WIDTH),
      span('  '),
      rightCell(printable(time).slice(0, TIME_WIDTH), TIME_WIDTH, 'dim'),
      span('  '),
      cell(command, commandWidth(width)),
    ],
  };
}

/** What the title says besides the name: filter, count, order, age. */
export function processSegments(screen: ProcessesScreen, nowMs: number) {
  const { processes, filterText, sort, isReversed, readAtMs } = screen;
  const left: Segment[] = [
    { text: filterText && `/${printable(filterText)}`, style: 'match', keep: 7 },
  ];
  if (processes === undefined) return { left, right: [] };
  const shown = formatCount(shownProcesses(screen).length);
  const right: Segment[] = [
    { text: `${shown} of ${formatCount(processes.length)}`, keep: 8 },
    { text: `by ${sort}${isReversed ? ' reversed' : ''}`, style: 'dim', keep: 3 },
    { text: `read ${formatAge(nowMs - readAtMs)} ago`, style: 'dim', keep: 5 },
  ];
  return { left, right };
}
