/** Deeds on lines of a log: selecting, copying, saving, marking a place, clearing the view, zooming in on one. */

import { formatBytes, formatThings } from '../format/amounts.ts';
import { formatClock, formatMoment } from '../format/clock.ts';
import { COPY_LIMIT_BYTES, utf8Bytes } from '../format/copy-limit.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { appendLines, lineAt } from '../model/log-buffer.ts';
import { edgeLine, shownLines } from '../model/log-lens.ts';
import { type LogsScreen, NOTHING_CLEARED, nextMatch } from '../model/log-view.ts';
import type { LogLineScreen } from '../model/screen.ts';
import { type AppState, dayTime, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { copiedLine, savedLine } from '../screens/log-text.ts';
import { firstPlace, lineAfterRows } from '../screens/log-window.ts';
import { fullName } from '../screens/titles.ts';
import { withLineShown } from './log-search.ts';
import { say } from './say.ts';
import { openScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

type LineIntent = Extract<
  Intent,
  {
    kind: 'zoom-line' | 'step-line' | 'select-lines' | 'copy-lines' | 'save-log' | 'mark-log';
  }
>;

export const LINE_STEPS: IntentSteps<LineIntent['kind'] | 'clear-log'> = {
  'zoom-line': (state) => onLog(state, zoom),
  'step-line': (state, { by }) => stepLine(state, by),
  'select-lines': (state) => onLog(state, select),
  'copy-lines': copyLines,
  'save-log': (state) => onLog(state, saveLog),
  'mark-log': (state) => onLog(state, mark),
  'clear-log': (state) =>
    onLog(state, (same, screen) =>
      stay(replaceTop(same, { ...screen, clearedTo: screen.log.end, isFollowing: true })),
    ),
};

function onLog(state: AppState, deed: (state: AppState, screen: LogsScreen) => Step): Step {
  const screen = topScreen(state);
  return screen.kind === 'logs' ? deed(state, screen) : stay(state);
}

/** The line that deeds are about: where a jump or a selection went, else the last one in the window. */
export function readerLine(state: AppState, screen: LogsScreen): number | undefined {
  const { body } = currentLayout(state);
  const first = firstPlace(screen, body).line;
  const last = lineAfterRows(screen, first, body);
  const at = screen.selection?.at ?? screen.focus ?? screen.search?.current;
  const shown = shownLines(screen);
  const index = (line: number) => shown.indexFrom(line);
  const isSeen = at !== undefined && index(at) >= index(first) && index(at) <= index(last);
  const line = isSeen ? at : last;
  return lineAt(screen.log, line) && line !== edgeLine(screen) ? line : undefined;
}

const NO_LINE = 'No line is shown.';

function zoom(state: AppState, screen: LogsScreen): Step {
  if (screen.merged?.picking !== undefined) {
    const merged = { ...screen.merged, picking: undefined, isListed: false };
    return stay(replaceTop(state, { ...screen, merged }));
  }
  const line = readerLine(state, screen);
  if (line === undefined) return say(state, 'info', NO_LINE);
  const focused = replaceTop(state, withLineShown(state, { ...screen, focus: line }, line));
  return stay(openScreen(focused, { kind: 'log-line', line, part: 0, top: 0 }));
}

/** The log under a zoomed line. */
export function logUnder(state: AppState): LogsScreen | undefined {
  return state.screens.find((screen) => screen.kind === 'logs');
}

/** From the zoomed line to the next one shown; while something is searched for, to the next match. */
function stepLine(state: AppState, by: 1 | -1): Step {
  const zoomed = topScreen(state);
  const log = logUnder(state);
  if (zoomed.kind !== 'log-line' || !log) return stay(state);
  const line = lineBeside(log, zoomed.line, by);
  if (line === undefined || !lineAt(log.log, line)) {
    return say(state, 'info', `No line ${by > 0 ? 'below' : 'above'}.`);
  }
  const next: LogLineScreen = { ...zoomed, line, part: 0, top: 0 };
  const below = { ...state, screens: state.screens.slice(0, -1) };
  const focused = replaceTop(below, withLineShown(below, { ...log, focus: line }, line));
  return stay({ ...state, screens: [...focused.screens, next] });
}

function lineBeside(log: LogsScreen, line: number, by: 1 | -1): number | undefined {
  if (log.search && log.search.matches.length > 0) return nextMatch(log.search, line, by);
  const shown = shownLines(log);
  const index = shown.indexFrom(line) + by;
  return index >= 0 && index < shown.count ? shown.line(index) : undefined;
}

function select(state: AppState, screen: LogsScreen): Step {
  if (screen.selection) return stay(replaceTop(state, { ...screen, selection: undefined }));
  const line = readerLine(state, screen);
  if (line === undefined) return say(state, 'info', NO_LINE);
  const selection = { anchor: line, at: line };
  return stay(replaceTop(state, { ...withLineShown(state, screen, line), selection }));
}

/** The log with its selection's end moved by so many lines. */
export function moveSelection(state: AppState, screen: LogsScreen, by: number): LogsScreen {
  if (!screen.selection) return screen;
  const shown = shownLines(screen);
  const lowest = edgeLine(screen) === undefined ? 0 : 1;
  const wanted = shown.indexFrom(screen.selection.at) + by;
  const at = shown.line(Math.max(lowest, Math.min(shown.count - 1, wanted)));
  return withLineShown(state, { ...screen, selection: { ...screen.selection, at } }, at);
}

function* selectedNumbers(screen: LogsScreen): Generator<number> {
  const { selection } = screen;
  if (!selection) return;
  const shown = shownLines(screen);
  const places = [shown.indexFrom(selection.anchor), shown.indexFrom(selection.at)];
  for (let index = Math.min(...places); index <= Math.max(...places); index++)
    yield shown.line(index);
}

function copyLines(state: AppState): Step {
  const screen = topScreen(state);
  const log = logUnder(state);
  if (!log) return stay(state);
  const numbers = screen.kind === 'log-line' ? [screen.line] : [...selectedNumbers(log)];
  const entries = numbers.flatMap((number) => lineAt(log.log, number) ?? []);
  if (entries.length === 0) return say(state, 'info', NO_LINE);
  let bytes = 0;
  const lines: string[] = [];
  for (const entry of entries) {
    const text = screen.kind === 'log-line' ? entry.text : copiedLine(log, entry);
    bytes += utf8Bytes(text) + 1;
    lines.push(text);
  }
  if (bytes - 1 > COPY_LIMIT_BYTES) {
    const size = `${formatThings(entries.length, 'line')} are ${formatBytes(bytes)}`;
    const words = `${size}; a terminal's clipboard takes ${formatBytes(COPY_LIMIT_BYTES)}. Select fewer, or save the log with ctrl-s.`;
    return say(state, 'warning', words);
  }
  const copied =
    screen.kind === 'logs' ? replaceTop(state, { ...log, selection: undefined }) : state;
  return { state: copied, effects: [{ kind: 'copy', text: lines.join('\n') }] };
}

function saveLog(state: AppState, screen: LogsScreen): Step {
  const shown = shownLines(screen);
  const name = screen.merged ? `${screen.merged.sources.length}-logs` : fullName(state, screen.key);
  const lines = savedLines(screen);
  if (shown.count === 0) return say(state, 'info', NO_LINE);
  const stem = `${name}-${formatMoment(dayTime(state))}`.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  return { state, effects: [{ kind: 'save-file', stem, ending: 'log', lines }] };
}

/** The shown lines as text, made while they are written. */
function savedLines(screen: LogsScreen): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      const shown = shownLines(screen);
      for (let index = 0; index < shown.count; index++) {
        const entry = lineAt(screen.log, shown.line(index));
        if (entry && shown.line(index) !== edgeLine(screen)) yield savedLine(screen, entry);
      }
    },
  };
}

/** The step of a file's outcome. */
export function onSaved(
  state: AppState,
  { outcome }: Extract<OutsideEvent, { kind: 'saved' }>,
): Step {
  if ('why' in outcome) return say(state, 'error', outcome.why);
  const { path, lines, bytes } = outcome;
  return say(
    state,
    'done',
    `Saved ${formatThings(lines, 'line')} (${formatBytes(bytes)}) to ${path}`,
  );
}

function mark(state: AppState, screen: LogsScreen): Step {
  const text = `mark ${formatClock(dayTime(state))}`;
  const log = appendLines(screen.log, [{ atMs: null, stream: 'note', text }]);
  return stay(replaceTop(state, { ...screen, log }));
}

/** The log with what was cleared away back in sight, the reader where it began. */
export function withoutClearing(screen: LogsScreen): LogsScreen {
  if (screen.clearedTo === NOTHING_CLEARED) return screen;
  const top = { line: Math.max(screen.clearedTo, screen.log.first), row: 0 };
  return { ...screen, clearedTo: NOTHING_CLEARED, top };
}
