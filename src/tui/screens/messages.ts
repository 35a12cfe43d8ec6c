/** Everything said so far, newest first, each job with what became of every one of its operations. */
import { formatDuration } from '../format/amounts.ts';
import { formatClock } from '../format/clock.ts';
import { cut, printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { ACTION_WORDS, type Job, type JobStep } from '../model/job.ts';
import type { Message } from '../model/message.ts';
import type { AppState } from '../model/state.ts';
import { plainLine, span } from './cells.ts';
import { toneStyle } from './chrome.ts';
import type { Line, StyleName } from './view.ts';

const GLYPHS = { info: ' ', done: 'o', warning: '~', error: '!', busy: '~' } as const;
/** Glyph, time and the spaces around them. */
const PREFIX = 13;

/** Lines for the whole list at a width; the caller shows a window of them. */
export function messageLines(state: AppState, width: number): readonly Line[] {
  const { all } = state.messages;
  if (all.length === 0) {
    return [
      plainLine(''),
      plainLine('   Nothing was said so far: operations and their results come here.', 'dim'),
    ];
  }
  return all
    .toReversed()
    .flatMap((message) => [...ownLines(message, width), ...stepLines(state, message, width)]);
}

function ownLines(message: Message, width: number): readonly Line[] {
  const rows = foldWords(printable(message.text), Math.max(8, width - PREFIX));
  const style = toneStyle(message.tone);
  return rows.map((row, index): Line => {
    if (index > 0) return { spans: [span(' '.repeat(PREFIX)), span(row, style)] };
    const prefix = [
      span(` ${GLYPHS[message.tone]} `, style),
      span(`${formatClock(message.atMs)}  `, 'dim'),
    ];
    return { spans: [...prefix, span(row, style)] };
  });
}

function stepLines(state: AppState, message: Message, width: number): readonly Line[] {
  const job = state.jobs.find((known) => known.id === message.jobId);
  if (!job || job.steps.size < 2) return [];
  return [...job.steps.values()].map((step) => stepLine(job, step, width));
}

const STEP_LOOKS: Readonly<Record<JobStep['state'], readonly [string, StyleName]>> = {
  waiting: [' ', 'dim'],
  running: ['~', 'pending'],
  done: ['o', 'dim'],
  failed: ['!', 'error'],
  cancelled: ['x', 'warning'],
};

function stepLine(job: Job, step: JobStep, width: number): Line {
  const [glyph, style] = STEP_LOOKS[step.state];
  const name = `${step.environmentName}/${step.planned.operation.containerName}`;
  const text = printable(`${name}  ${stepWords(job, step)}`);
  return {
    spans: [
      span(`${' '.repeat(PREFIX)}${glyph} `, style),
      span(cut(text, width - PREFIX - 2), style),
    ],
  };
}

function stepWords(job: Job, step: JobStep): string {
  const words = ACTION_WORDS[job.action];
  const { startedAtMs, endedAtMs } = step;
  const took =
    startedAtMs === undefined || endedAtMs === undefined
      ? ''
      : ` in ${formatDuration(endedAtMs - startedAtMs)}`;
  switch (step.state) {
    case 'waiting':
      return 'waits for its turn';
    case 'running':
      return `${words.doing}…`;
    case 'done':
      return `${words.done}${took}`;
    case 'failed':
      return step.why ?? 'failed';
    case 'cancelled':
      return 'cancelled';
  }
}
