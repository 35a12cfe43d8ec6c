/** The list of operations: every job of this console with one row for each of its operations, newest job first. */
import { EVERYTHING, type Filter, parseFilter, passes } from './filter.ts';
import type { Job, JobStep } from './job.ts';
import { stepName } from './job.ts';
import { type Cursor, FRESH_CURSOR } from './list-cursor.ts';

export interface OperationsScreen {
  readonly kind: 'operations';
  readonly filterText: string;
  readonly filter: Filter;
  /** Ids of jobs whose operations are not shown. */
  readonly folded: ReadonlySet<number>;
  readonly cursor: Cursor<string>;
}

export const FRESH_OPERATIONS: OperationsScreen = {
  kind: 'operations',
  filterText: '',
  filter: EVERYTHING,
  folded: new Set(),
  cursor: FRESH_CURSOR,
};

export interface OperationRow {
  /** Stays the same while the row lives. */
  readonly id: string;
  readonly job: Job;
  /** Undefined for the row of the job itself. */
  readonly step: JobStep | undefined;
}

/** All rows that the filter leaves; a job without any such operation is left out with them. */
export function operationRows(
  jobs: readonly Job[],
  screen: OperationsScreen,
): readonly OperationRow[] {
  return jobs.toReversed().flatMap((job) => {
    const steps = [...job.steps].filter(([, step]) => isListed(screen.filter, job, step));
    if (steps.length === 0) return [];
    const head = { id: `job-${job.id}`, job, step: undefined };
    if (screen.folded.has(job.id)) return [head];
    return [head, ...steps.map(([id, step]) => ({ id, job, step }))];
  });
}

function isListed(filter: Filter, job: Job, step: JobStep): boolean {
  if (filter.kind === 'everything') return true;
  const { containerName: name } = step.planned.operation;
  const fields = [stepName(step), step.state, job.action, step.why ?? ''];
  const facets = { name, host: step.environmentName, image: '', state: step.state };
  return passes(filter, fields, { ...facets, labels: {}, tags: [] });
}

/** The list after a change of the filter's text; an unfinished expression keeps the filter as it was. */
export function withOperationFilter(screen: OperationsScreen, text: string): OperationsScreen {
  const parsed = parseFilter(text);
  const filter = parsed.kind === 'ok' ? parsed.filter : screen.filter;
  return { ...screen, filterText: text, filter };
}
