/** The line in which a filter, a search or a command is typed. */
import { formatThings } from '../format/amounts.ts';
import { formatClock, formatMoment } from '../format/clock.ts';
import { rangeWords } from '../format/range-words.ts';
import { pad, textWidth } from '../format/width.ts';
import { foldText, fromColumn } from '../format/wrap.ts';
import { parseFilter } from '../model/filter.ts';
import { parseMoment, parseRange } from '../model/log-range.ts';
import { parseMute } from '../model/mute-words.ts';
import type { Prompt, TextLine } from '../model/prompt.ts';
import { type AppState, dayTime, topScreen } from '../model/state.ts';
import { fitSpans, span } from './cells.ts';
import type { Line, StyleName } from './view.ts';

const SIGNS = {
  filter: '/',
  search: '/',
  command: ':',
  keep: '&',
  range: '=',
  time: '=',
  view: '&',
  acknowledge: '=',
  mute: '=',
} as const;

const PROMPT_INDENT = 2;
const MIN_ROOM = 12;

/** What fits of a long text in `room` cells and where the caret is: always the part with it, a cell left for the caret itself. */
export function visiblePart(
  line: TextLine,
  room: number,
): { readonly text: string; readonly caret: number } {
  const before = line.text.slice(0, line.at);
  const hidden = Math.max(0, textWidth(before) - room + 1);
  const text = fromColumn(line.text, hidden);
  return { text: cutHard(text, room), caret: textWidth(before) - hidden };
}

function cutHard(text: string, room: number): string {
  return foldText(text, room)[0] ?? '';
}

/** The cell of the message line that the terminal's cursor belongs on while a prompt is open. */
export function caretColumn(state: AppState): number {
  const { prompt } = state;
  if (!prompt) return 0;
  const remark = promptRemark(state);
  const words = remark.text === '' ? 0 : textWidth(remark.text) + 3;
  const room = Math.max(MIN_ROOM, state.size.width - PROMPT_INDENT - words);
  return PROMPT_INDENT + visiblePart(prompt, room).caret;
}

/** The sign in front of a prompt. */
export function promptSign({ kind }: Prompt): string {
  return SIGNS[kind];
}

/** The prompt in place of the message line: sign, text, and at the right what is wrong with it or how to leave. */
export function promptLine(state: AppState): Line {
  const { prompt } = state;
  if (!prompt) return { spans: [] };
  const sign = SIGNS[prompt.kind];
  const remark = promptRemark(state);
  const words = remark.text === '' ? '' : `  ${remark.text} `;
  const room = Math.max(MIN_ROOM, state.size.width - PROMPT_INDENT - textWidth(words));
  const { text } = visiblePart(prompt, room);
  const spans = [span(` ${sign}`, 'key'), span(pad(text, room)), span(words, remark.style)];
  return { spans: fitSpans(spans, state.size.width) };
}

function promptRemark(state: AppState): { readonly text: string; readonly style: StyleName } {
  const { prompt } = state;
  if (prompt?.kind === 'view') return { text: 'name of the view, enter saves it', style: 'dim' };
  if (prompt?.kind === 'range' || prompt?.kind === 'time') return timeRemark(state, prompt);
  if (prompt?.kind === 'acknowledge' || prompt?.kind === 'mute') return judgeRemark(state, prompt);
  const typed = prompt?.kind === 'command' ? '' : (prompt?.text ?? '');
  const parsed = parseFilter(typed, state.prompt?.kind === 'filter' ? 'list' : 'text');
  if (parsed.kind === 'bad') return { text: `at ${parsed.at}: ${parsed.why}`, style: 'error' };
  const screen = topScreen(state);
  if (isLogSearch(prompt) && screen.kind === 'logs') {
    return { text: formatThings(screen.search?.matches.length ?? 0, 'line'), style: 'dim' };
  }
  if (state.prompt?.kind === 'search' && screen.kind === 'inspect') {
    return { text: formatThings(screen.search?.matches.length ?? 0, 'row'), style: 'dim' };
  }
  const words =
    state.prompt?.kind === 'command' ? 'tab completes, enter runs it' : 'enter keeps it';
  return { text: `${words}, esc leaves`, style: 'dim' };
}

const isLogSearch = (prompt: Prompt | undefined) =>
  prompt?.kind === 'search' || prompt?.kind === 'keep';

/** What a typed time means, or how to write one. */
function timeRemark(
  state: AppState,
  { kind, text }: Prompt,
): { readonly text: string; readonly style: StyleName } {
  if (text.trim() === '') {
    const words =
      kind === 'range' ? '15m, 2h, 12:30, 12:00..13:00' : '12:30, 2026-11-27 12:00, 15m';
    return { text: words, style: 'dim' };
  }
  if (kind === 'range') {
    const range = parseRange(text, dayTime(state));
    return 'why' in range
      ? { text: range.why, style: 'error' }
      : { text: rangeWords(range), style: 'dim' };
  }
  const atMs = parseMoment(text, dayTime(state));
  return typeof atMs === 'number'
    ? { text: formatMoment(atMs), style: 'dim' }
    : { text: atMs.why, style: 'error' };
}

/** What a note is for, and until when a problem would be muted. */
function judgeRemark(
  state: AppState,
  { kind, text }: Prompt,
): { readonly text: string; readonly style: StyleName } {
  if (kind === 'acknowledge') return { text: 'a note, or none; enter acknowledges', style: 'dim' };
  if (text.trim() === '')
    return { text: 'for 1h, or write 30m, 2h, 1d; a note may follow', style: 'dim' };
  const mute = parseMute(text);
  if ('why' in mute) return { text: mute.why, style: 'error' };
  const untilMs = dayTime(state) + mute.forMs;
  const isLong = mute.forMs >= 43_200_000;
  const until = isLong ? formatMoment(untilMs) : formatClock(untilMs);
  return { text: `mutes until ${until}; a note may follow`, style: 'dim' };
}
