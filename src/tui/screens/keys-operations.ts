/** Keys of the list of operations. */
import type { Binding } from '../model/binding.ts';
import { countSteps } from '../model/job.ts';
import { operationRows } from '../model/operation-list.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { subject } from '../model/subject.ts';
import { searchKey } from './keys-global.ts';

function selectedRow(state: AppState) {
  const screen = topScreen(state);
  if (screen.kind !== 'operations') return undefined;
  return operationRows(state.jobs, screen).find(({ id }) => id === screen.cursor.selected);
}

function onContainer(kind: 'open-describe' | 'open-logs'): Binding['press'] {
  return (state) => {
    const container = subject(state);
    if (!container) return 'the line is of no container that is still there';
    return { kind, key: `${container.environmentId}/${container.id}` };
  };
}

export const OPERATION_KEYS: readonly Binding[] = [
  searchKey('filter', 'filter: words, host:eu-1, state:failed, /expression/'),
  {
    action: 'retry-failed',
    keys: ['ctrl-r'],
    label: 'try again what failed, was cancelled or not tried in this job',
    hint: 'retry failed',
    group: 'change',
    needs: 'lifecycle',
    press: (state) => {
      const row = selectedRow(state);
      if (!row) return 'no job is selected';
      const { failed, cancelled, 'not-tried': notTried } = countSteps(row.job);
      if (failed + cancelled + notTried === 0) return 'nothing in this job failed';
      return { kind: 'retry', jobId: row.job.id };
    },
  },
  {
    action: 'fold',
    keys: ['z'],
    label: 'fold or unfold the operations of this job',
    hint: 'fold',
    group: 'list',
    press: (state) => (selectedRow(state) ? { kind: 'fold-job' } : 'no job is selected'),
  },
  {
    action: 'describe',
    keys: ['enter', 'd'],
    label: 'describe the container',
    hint: 'describe',
    group: 'look',
    press: onContainer('open-describe'),
  },
  {
    action: 'logs',
    keys: ['l'],
    label: 'logs of the container',
    hint: 'logs',
    group: 'look',
    needs: 'logs',
    press: onContainer('open-logs'),
  },
];
