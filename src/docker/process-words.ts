/** An engine's GET /containers/{id}/top as processes: its columns are whatever ps on that host calls them. */
import type { ContainerProcess } from '../protocol/sample.ts';
import { isLoose } from './loose.ts';

/**
 * What ps is asked for, best first: docker runs the host's ps, podman takes column names of its own, and the last works
 * wherever there is a ps at all.
 */
export const PS_ARGUMENTS = [
  '-eo pid,ppid,user,pcpu,rss,time,args',
  'pid,ppid,user,pcpu,rss,time,args',
  undefined,
] as const;

const MOST_PROCESSES = 5_000;

/** Undefined when the answer has no such table. */
export function readProcesses(answer: unknown): readonly ContainerProcess[] | undefined {
  if (!isLoose(answer) || !Array.isArray(answer.Processes) || !Array.isArray(answer.Titles)) {
    return undefined;
  }
  // Some engines hand over ps's lines uncut.
  const titles = answer.Titles.map(String).join(' ').trim().split(/\s+/);
  const column = new Map(titles.map((title, index) => [title.toUpperCase(), index]));
  if (!column.has('PID')) return undefined;
  return answer.Processes.slice(0, MOST_PROCESSES).flatMap((row: unknown) => {
    const cells = cellsOf(row, titles.length);
    const at = (...names: string[]): string => {
      const found = names.find((name) => column.has(name));
      return found === undefined ? '' : (cells[column.get(found) ?? -1] ?? '');
    };
    const pid = Number(at('PID'));
    return Number.isInteger(pid) ? [processOf(pid, at)] : [];
  });
}

function processOf(pid: number, at: (...names: string[]) => string): ContainerProcess {
  const cpu = at('%CPU', 'C');
  const memory = at('RSS');
  return {
    pid,
    parentPid: Number(at('PPID')) || 0,
    user: at('USER', 'UID'),
    cpuPercent: cpu === '' ? null : Number.parseFloat(cpu) || 0,
    // In KiB, on docker and podman alike.
    memoryBytes: memory === '' ? null : (Number.parseFloat(memory) || 0) * 1024,
    time: at('TIME'),
    command: at('COMMAND', 'CMD'),
  };
}

function cellsOf(row: unknown, count: number): readonly string[] {
  const cells = Array.isArray(row) ? row.map(String) : [];
  if (cells.length >= count) return cells;
  const words = cells.join(' ').trim().split(/\s+/);
  return [...words.slice(0, count - 1), words.slice(count - 1).join(' ')];
}
