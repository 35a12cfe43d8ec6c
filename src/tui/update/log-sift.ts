/** What of a log is shown: the last filter again, picked sources, a moment to go to. */
import type { Intent } from '../model/event.ts';
import { lineAt } from '../model/log-buffer.ts';
import { shownLines } from '../model/log-lens.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { isMerged } from '../model/merged-logs.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { readRange } from './log-jumps.ts';
import { timeIn } from './log-past.ts';
import { filterLog, withLineShown } from './log-search.ts';
import { say } from './say.ts';
import { replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';

type SiftIntent = Extract<Intent, { kind: 'log-time' | 'repeat-filter' | 'pick-source' }>;

export const SIFT_STEPS: IntentSteps<SiftIntent['kind']> = {
  'log-time': (state, { atMs }) => goToTime(state, atMs),
  'repeat-filter': (state) => stay(filterLog(state, state.logFilter)),
  'pick-source': (state, { what }) => pickSource(state, what),
};

/** To the first line of that moment; where the view does not reach so far back, the log is read from there on. */
function goToTime(state: AppState, atMs: number): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'logs') return stay(state);
  const line = lineFrom(screen, atMs);
  if (line !== undefined) {
    const there = withLineShown(state, { ...screen, focus: line }, line);
    return stay(replaceTop(state, there));
  }
  if (screen.range.kind === 'before') return say(state, 'info', 'No line is that old here.');
  return readRange(state, { kind: 'stretch', fromMs: atMs, toMs: undefined });
}

/** The first shown line from a moment on; undefined when the moment lies outside of what is held. */
function lineFrom(screen: LogsScreen, atMs: number): number | undefined {
  const shown = shownLines(screen);
  let isReached = false;
  for (let index = 0; index < shown.count; index++) {
    const line = shown.line(index);
    const entry = lineAt(screen.log, line);
    const timeMs = entry && timeIn(screen, entry);
    if (timeMs === undefined) continue;
    if (timeMs >= atMs) return isReached || isWhole(screen) ? line : undefined;
    isReached = true;
  }
  return undefined;
}

const isWhole = ({ past, range }: LogsScreen) => past.kind === 'whole' || range.kind === 'head';

function pickSource(state: AppState, what: 'this' | 'all'): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'logs' || !isMerged(screen)) return stay(state);
  const { merged } = screen;
  const { picking, sources } = merged;
  if (picking === undefined) return stay(state);
  const hidden = new Set(merged.hidden);
  if (what === 'all') {
    const isAny = hidden.size < sources.length;
    hidden.clear();
    if (isAny && merged.hidden.size === 0) for (const at of sources.keys()) hidden.add(at);
  } else if (!hidden.delete(picking)) hidden.add(picking);
  const next = {
    ...merged,
    hidden,
    picking: (picking + (what === 'this' ? 1 : 0)) % sources.length,
  };
  return stay(replaceTop(state, { ...screen, merged: next }));
}
