/** Everything said so far, newest first, each job with what became of every one of its operations. */
import { formatClock } from '../format/clock.ts';
import { cut, printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { type Job, type JobStep, stepName } from '../model/job.ts';
import type { Message } from '../model/message.ts';
import { type AppState, dayTime } from '../model/state.ts';
import { plainLine, span } from './cells.ts';
import { toneStyle } from './chrome.ts';
import { STEP_LOOKS, stepWords } from './step-words.ts';
import type { Line } from './view.ts';

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
    .flatMap((message) => [
      ...ownLines(state, message, width),
      ...stepLines(state, message, width),
    ]);
}

function ownLines(state: AppState, message: Message, width: number): readonly Line[] {
  const rows = foldWords(printable(message.text), Math.max(8, width - PREFIX));
  const style = toneStyle(message.tone);
  return rows.map((row, index): Line => {
    if (index > 0) return { spans: [span(' '.repeat(PREFIX)), span(row, style)] };
    const prefix = [
      span(` ${GLYPHS[message.tone]} `, style),
      span(`${formatClock(dayTime(state, message.atMs))}  `, 'dim'),
    ];
    return { spans: [...prefix, span(row, style)] };
  });
}

function stepLines(state: AppState, message: Message, width: number): readonly Line[] {
  const job = state.jobs.find((known) => known.id === message.jobId);
  if (!job || job.steps.size < 2) return [];
  return [...job.steps.values()].map((step) => stepLine(job, step, { width, nowMs: state.nowMs }));
}

function stepLine(job: Job, step: JobStep, at: { width: number; nowMs: number }): Line {
  const [glyph, style] = STEP_LOOKS[step.state];
  const text = printable(`${stepName(step)}  ${stepWords(job, step, at.nowMs)}`);
  return {
    spans: [
      span(`${' '.repeat(PREFIX)}${glyph} `, style),
      span(cut(text, at.width - PREFIX - 2), style),
    ],
  };
}
