/** The view of one container's processes: read anew every few seconds while it is on top, sorted and filtered here. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ContainerProcess } from '../../protocol/sample.ts';
import { type Filter, parseFilter, passes } from './filter.ts';

export type ProcessSort = 'cpu' | 'memory' | 'pid';

export interface ProcessesScreen {
  readonly kind: 'processes';
  readonly key: ContainerKey;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isAsking: boolean;
  readonly askedAtMs: number;
  /** Undefined until the first answer. */
  readonly processes: readonly ContainerProcess[] | undefined;
  readonly readAtMs: number;
  /** Why the last request failed, as a sentence. */
  readonly why: string | undefined;
  readonly sort: ProcessSort;
  readonly isReversed: boolean;
  readonly filterText: string;
  readonly top: number;
}

export const PROCESSES_REFRESH_MS = 3_000;

/** The view as it opens. */
export function freshProcesses(key: ContainerKey): ProcessesScreen {
  return {
    kind: 'processes',
    key,
    requestId: 0,
    isAsking: false,
    askedAtMs: Number.NEGATIVE_INFINITY,
    processes: undefined,
    readAtMs: 0,
    why: undefined,
    sort: 'cpu',
    isReversed: false,
    filterText: '',
    top: 0,
  };
}

const COMPARE: Readonly<Record<ProcessSort, (a: ContainerProcess, b: ContainerProcess) => number>> =
  {
    cpu: (a, b) => (b.cpuPercent ?? -1) - (a.cpuPercent ?? -1),
    memory: (a, b) => (b.memoryBytes ?? -1) - (a.memoryBytes ?? -1),
    pid: (a, b) => a.pid - b.pid,
  };

/** The processes that pass the filter, in order; the process number decides between equals. */
export function shownProcesses(screen: ProcessesScreen): readonly ContainerProcess[] {
  const parsed = parseFilter(screen.filterText);
  const all = screen.processes ?? [];
  const found = parsed.kind === 'ok' ? all.filter((one) => isFound(parsed.filter, one)) : all;
  const sign = screen.isReversed ? -1 : 1;
  return found.toSorted((a, b) => sign * COMPARE[screen.sort](a, b) || a.pid - b.pid);
}

function isFound(filter: Filter, { pid, user, command }: ContainerProcess): boolean {
  const fields = [String(pid), user, command];
  const facets = { name: command, host: '', image: '', state: user, labels: {}, tags: [] };
  return passes(filter, fields, facets);
}
