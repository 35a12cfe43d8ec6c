/** The list of operations: each job with how it runs, and one live line for each of its operations. */
import { formatAge, formatCount, formatThings } from '../format/amounts.ts';
import { formatClock } from '../format/clock.ts';
import { cut, printable } from '../format/width.ts';
import {
  ACTION_WORDS,
  countSteps,
  isRunning,
  type Job,
  type JobStep,
  stepName,
} from '../model/job.ts';
import {
  type OperationRow,
  type OperationsScreen,
  operationRows,
} from '../model/operation-list.ts';
import { type AppState, dayTime } from '../model/state.ts';
import { cell, nameCell, plainLine, span } from './cells.ts';
import { STEP_LOOKS, stepWords } from './step-words.ts';
import type { Area, Line } from './view.ts';

/** The visible rows. */
export function operationLines(
  state: AppState,
  screen: OperationsScreen,
  area: Area,
): readonly Line[] {
  const rows = operationRows(state.jobs, screen);
  if (rows.length === 0) return emptyOperations(screen);
  const { top, selected } = screen.cursor;
  return rows
    .slice(top, top + area.height)
    .map((row) => rowLine(state, row, { isSelected: row.id === selected, width: area.width }));
}

function emptyOperations({ filterText }: OperationsScreen): readonly Line[] {
  const [words, hint] =
    filterText === ''
      ? ['No operations so far', 'what is done to containers comes here, with its result']
      : [`No operations match ${printable(filterText)}`, 'esc clears the filter'];
  return [plainLine(''), plainLine(`   ${words}`, 'plain'), plainLine(`   ${hint}`, 'dim')];
}

interface RowLook {
  readonly isSelected: boolean;
  readonly width: number;
}

function rowLine(state: AppState, { job, step }: OperationRow, look: RowLook): Line {
  const spans = step ? stepSpans(state, job, step, look) : jobSpans(state, job, look);
  const cursor = span(look.isSelected ? '>' : ' ');
  return look.isSelected
    ? { spans: [cursor, ...spans], fill: 'selected' }
    : { spans: [cursor, ...spans] };
}

function jobSpans(state: AppState, job: Job, { width, isSelected }: RowLook) {
  const head = `${formatClock(dayTime(state, job.startedAtMs))}  ${ACTION_WORDS[job.action].verb} ${formatThings(job.steps.size, 'container')}`;
  const words = `${head}  ${howWords(state, job)}`;
  return [span(cut(words, width - 1), isSelected ? undefined : 'bold')];
}

/** How far a job is, and how it is rolled out. */
function howWords(state: AppState, job: Job): string {
  const { width, stopOnFailure } = job.rollout;
  const waitMs = (job.beginsAtMs ?? 0) - state.nowMs;
  const parts = [
    ...(job.beginsAtMs === undefined ? [] : [`begins in ${formatAge(waitMs + 999)}`]),
    countWords(job),
    ...(job.steps.size > 1
      ? [`${width} at a time${stopOnFailure ? ', stops on failure' : ''}`]
      : []),
  ];
  return parts.join('  ');
}

function countWords(job: Job): string {
  const counts = countSteps(job);
  const names = ['done', 'running', 'waiting', 'failed', 'not-tried', 'cancelled'] as const;
  const told = names.filter((name) => counts[name] > 0);
  return told.map((name) => `${formatCount(counts[name])} ${name.replace('-', ' ')}`).join(', ');
}

const NAME_WIDTH = 34;

function stepSpans(state: AppState, job: Job, step: JobStep, { width, isSelected }: RowLook) {
  const [glyph, style] = STEP_LOOKS[step.state];
  const look = isSelected && style === 'dim' ? undefined : style;
  const name = Math.min(NAME_WIDTH, Math.floor(width * 0.4));
  return [
    span(`  ${glyph} `, look),
    nameCell(stepName(step), name, isSelected ? undefined : 'plain'),
    span('  '),
    cell(stepWords(job, step, state.nowMs), Math.max(0, width - name - 7), look),
  ];
}

/** What the title says: how many jobs there are and run. */
export function operationsWords({ jobs }: AppState): string {
  const running = jobs.filter(isRunning).length;
  const all = formatThings(jobs.length, 'job');
  return running > 0 ? `${all}, ${formatCount(running)} running` : all;
}
