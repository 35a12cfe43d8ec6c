/** Keys of what a container uses: the charts and the processes, and how to get there. */
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { containerAt } from '../model/live-fleet.ts';
import type { ProcessSort } from '../model/processes-view.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';
import { searchKey } from './keys-global.ts';
import { whyNotInside } from './keys-guests.ts';
import { logsKey, sortKey } from './keys-rows.ts';

function openMetrics(state: AppState): Intent | string {
  const key = subjectKey(state);
  return key === undefined ? 'no container is selected' : { kind: 'open-metrics', key };
}

function openProcesses(state: AppState): Intent | string {
  const key = subjectKey(state);
  if (key === undefined) return 'no container is selected';
  const container = containerAt(shownFleet(state), key);
  if (!container) return 'the container is gone';
  return whyNotInside(state, container, 'stats') ?? { kind: 'open-processes', key };
}

const METRICS_KEY: Binding = {
  action: 'metrics',
  keys: ['m'],
  label: 'metrics: CPU, memory, network and disk over time',
  hint: 'metrics',
  group: 'look',
  needs: 'stats',
  press: openMetrics,
};

const PROCESSES_KEY: Binding = {
  action: 'processes',
  keys: ['t'],
  label: 'processes',
  hint: 'processes',
  group: 'look',
  needs: 'stats',
  press: openProcesses,
};

/** In the list and in views of a container. */
export const USE_KEYS: readonly Binding[] = [METRICS_KEY, PROCESSES_KEY];

export const METRICS_KEYS: readonly Binding[] = [
  PROCESSES_KEY,
  logsKey('logs', 'no container is shown'),
];

const sort = (key: string, by: ProcessSort, label: string) =>
  sortKey(key, by, label, { kind: 'sort-processes', by });

export const PROCESSES_KEYS: readonly Binding[] = [
  searchKey('filter', 'filter: words that must match, !word that must not, /expression/'),
  sort('C', 'cpu', 'CPU over its life, the busiest first'),
  sort('M', 'memory', 'memory, who uses most first'),
  sort('P', 'pid', 'process number'),
  METRICS_KEY,
  logsKey('logs', 'no container is shown'),
];

const sentence = (read: Intent | string): Intent | string =>
  typeof read === 'string' ? `That can't be shown: ${read}.` : read;

export const USE_COMMANDS: readonly Command[] = [
  {
    names: ['metrics'],
    label: 'CPU, memory, network and disk of the selected container over time',
    needs: 'stats',
    run: (state) => sentence(openMetrics(state)),
  },
  {
    names: ['top', 'processes'],
    label: 'the processes of the selected container',
    needs: 'stats',
    run: (state) => sentence(openProcesses(state)),
  },
];
