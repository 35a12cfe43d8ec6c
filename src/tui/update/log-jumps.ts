/** Opening views of several logs, asking for another stretch of time, and jumping between lines of error level. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { formatCount } from '../format/amounts.ts';
import type { Effect } from '../model/event.ts';
import { containerAt } from '../model/live-fleet.ts';
import { lineAt } from '../model/log-buffer.ts';
import { shownLines } from '../model/log-lens.ts';
import { isErrorLine } from '../model/log-level.ts';
import type { LogRange } from '../model/log-range.ts';
import { freshLogs, type LogsScreen } from '../model/log-view.ts';
import { isMerged, MAX_SOURCES, type MergedScreen } from '../model/merged-logs.ts';
import { type AppState, dayTime, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstPlace, lineAfterRows } from '../screens/log-window.ts';
import { beginWindow } from './log-request.ts';
import { withLineShown } from './log-search.ts';
import { openLogs } from './logs.ts';
import { startMerged } from './merged-logs.ts';
import { said, say } from './say.ts';
import { openScreen, replaceTop } from './stack.ts';

/** The step of opening several logs in one view; beyond the limit the running ones come first. */
export function openMergedLogs(state: AppState, keys: readonly ContainerKey[]): Step {
  const [only] = keys;
  if (only === undefined) return stay(state);
  if (keys.length === 1) return openLogs(state, only);
  const chosen = chooseSources(state, keys);
  const open = state.screens.find((screen) => screen.kind === 'logs');
  if (isMerged(open) && isSameChoice(open, chosen)) return stay(openScreen(state, open));
  const wish = { keys: chosen, wanted: keys.length, range: { kind: 'tail' } as const };
  const { screen, nextId, effects } = startMerged(state, wish);
  const opened = { ...openScreen(state, screen), nextId };
  const left = keys.length - chosen.length;
  if (left === 0) return { state: opened, effects };
  const words = `A view follows at most ${MAX_SOURCES} logs: ${formatCount(left)} of ${formatCount(keys.length)} were left out, running ones last.`;
  return { state: said(opened, 'warning', words), effects };
}

function chooseSources(state: AppState, keys: readonly ContainerKey[]): readonly ContainerKey[] {
  if (keys.length <= MAX_SOURCES) return keys;
  const runs = (key: ContainerKey) => containerAt(state.fleet, key)?.state === 'running';
  const running = keys.filter(runs);
  return [...running, ...keys.filter((key) => !runs(key))].slice(0, MAX_SOURCES);
}

function isSameChoice({ merged }: MergedScreen, keys: readonly ContainerKey[]): boolean {
  const { sources } = merged;
  return sources.length === keys.length && sources.every(({ key }, at) => key === keys[at]);
}

/** The step of reading the log on top anew from another time on; how it is looked at stays. */
export function readRange(state: AppState, range: LogRange): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'logs') return stay(state);
  const { isWrapped, times, isPretty, lens } = screen;
  const looks = { isWrapped, times, isPretty, lens: screen.search ? lens : 'all' } as const;
  const started = startRange(state, screen, range);
  const fresh: LogsScreen = { ...started.screen, ...looks };
  const search = screen.search && { ...screen.search, matches: [], current: undefined };
  const next = replaceTop({ ...state, nextId: started.nextId }, { ...fresh, search });
  return { state: next, effects: started.effects };
}

function startRange(state: AppState, screen: LogsScreen, range: LogRange) {
  if (isMerged(screen)) {
    const { sources, wanted, label, isListed, clocks } = screen.merged;
    const keys = sources.map(({ key }) => key);
    const started = startMerged(state, { keys, wanted, range, clocks });
    const merged = { ...started.screen.merged, label, isListed };
    return { ...started, screen: { ...started.screen, merged } };
  }
  const viewId = state.nextId;
  const window = beginWindow(range, { nowMs: dayTime(state), among: 1, aheadMs: 0 });
  const effect: Effect = { kind: 'follow-logs', viewId, key: screen.key, ...window };
  return { screen: freshLogs(viewId, screen.key, range), nextId: viewId + 1, effects: [effect] };
}

/** The step of going to the next or previous line of error level among those that are shown. */
export function goToError(state: AppState, by: 1 | -1): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'logs') return stay(state);
  const { body } = currentLayout(state);
  const shown = shownLines(screen);
  const first = firstPlace(screen, body).line;
  const edge = by > 0 ? first - 1 : lineAfterRows(screen, first, body) + 1;
  const from = screen.focus ?? edge;
  const start = by > 0 ? shown.indexFrom(from + 1) : shown.indexFrom(from) - 1;
  for (let index = start; index >= 0 && index < shown.count; index += by) {
    const line = shown.line(index);
    const entry = lineAt(screen.log, line);
    if (entry && isErrorLine(entry)) {
      return stay(replaceTop(state, withLineShown(state, { ...screen, focus: line }, line)));
    }
  }
  return say(state, 'info', `No line of error level ${by > 0 ? 'below' : 'above'}.`);
}
