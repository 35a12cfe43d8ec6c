/** An open log: its lines, its ends, and going on by itself when the container or its environment is back. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { readLine } from '../format/log-colors.ts';
import { printable } from '../format/width.ts';
import type { Effect, OutsideEvent } from '../model/event.ts';
import { containerAt, isStale } from '../model/live-fleet.ts';
import { appendLines } from '../model/log-buffer.ts';
import type { LogStream } from '../model/log-source.ts';
import { freshLogs, knownTail, type LogsScreen, withLines } from '../model/log-view.ts';
import { isMerged } from '../model/merged-logs.ts';
import { type AppState, dayTime, type Step, stay } from '../model/state.ts';
import { beginWindow, nextWindow } from './log-request.ts';
import { cutWords, endOf, retryWaitMs } from './log-retry.ts';
import {
  nextMergedMs,
  onMergedEnded,
  onMergedLines,
  onMergedOpened,
  onMergedTick,
} from './merged-logs.ts';
import { openScreen, replaceScreen } from './stack.ts';

function openLog(state: AppState): LogsScreen | undefined {
  return state.screens.find((screen) => screen.kind === 'logs');
}

/** The step of opening a container's log; one that lies open already is uncovered. */
export function openLogs(state: AppState, key: ContainerKey): Step {
  const open = openLog(state);
  if (open?.key === key && !open.merged && open.range.kind !== 'before')
    return stay(openScreen(state, open));
  const viewId = state.nextId;
  const screen = freshLogs(viewId, key);
  const next = { ...openScreen(state, screen), nextId: viewId + 1 };
  const window = beginWindow(screen.range, { nowMs: dayTime(state), among: 1, aheadMs: 0 });
  return { state: next, effects: [{ kind: 'follow-logs', viewId, key, ...window }] };
}

/** The step of an engine that has begun to answer. */
export function onLogOpened(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'log-opened' }>,
): Step {
  const screen = openLog(state);
  if (isMerged(screen)) return onMergedOpened(state, screen, event);
  if (screen?.viewId !== event.viewId) return stay(state);
  return stay(replaceScreen(state, screen, { ...screen, stream: { kind: 'following' } }));
}

/** The step of lines that arrived; those of a closed view are dropped. */
export function onLogLines(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'log-lines' }>,
): Step {
  const screen = openLog(state);
  if (isMerged(screen)) return onMergedLines(state, screen, event);
  if (screen?.viewId !== event.viewId) return stay(state);
  const entries = event.lines.map(readLine);
  const stream: LogStream = { kind: 'following' };
  const failures = entries.length > 0 ? 0 : screen.failures;
  return stay(replaceScreen(state, screen, { ...withLines(screen, entries), stream, failures }));
}

/** The step of a stream's end: said in the log itself, and tried again later when that can help. */
export function onLogEnded(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'log-ended' }>,
): Step {
  const screen = openLog(state);
  if (isMerged(screen)) return onMergedEnded(state, screen, event);
  if (screen?.viewId !== event.viewId) return stay(state);
  const { why, atMs } = event;
  const stream = endOf(event);
  if (stream.kind === 'done') {
    const log = stream.isCut ? withNote(screen, cutWords(screen.log.end)) : screen.log;
    return stay(replaceScreen(state, screen, { ...screen, stream, log }));
  }
  const next: LogsScreen = {
    ...screen,
    stream,
    failures: screen.failures + 1,
    retryAtMs: atMs + retryWaitMs(screen.failures),
    log: screen.failures > 0 ? screen.log : withNote(screen, endWords(state, screen, why)),
  };
  return stay(replaceScreen(state, screen, next));
}

function endWords(state: AppState, { key }: LogsScreen, why: string | undefined): string {
  if (why !== undefined) return printable(why);
  return containerAt(state.fleet, key) ? 'the log ended here' : 'the container is gone';
}

function withNote({ log }: LogsScreen, text: string): LogsScreen['log'] {
  if (log.end === 0) return log;
  return appendLines(log, [{ atMs: null, stream: 'note', text }]);
}

/** Shows what has waited long enough, and opens an ended stream again, after its last line, once the container runs and its environment answers. */
export function resumeLogs(state: AppState): Step {
  const screen = openLog(state);
  if (isMerged(screen)) return onMergedTick(state, screen);
  if (!screen || !mayResume(state, screen)) return stay(state);
  const viewId = state.nextId;
  const skip = knownTail(screen.log);
  const next: LogsScreen = { ...screen, viewId, skip, stream: { kind: 'opening' } };
  const from = { tail: skip, received: screen.log.end };
  const asking = { nowMs: dayTime(state), among: 1, aheadMs: 0 };
  const window = nextWindow(screen.range, from, asking);
  const effect: Effect = { kind: 'follow-logs', viewId, key: screen.key, ...window };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: viewId + 1 },
    effects: [effect],
  };
}

function mayResume(state: AppState, { stream, key, retryAtMs }: LogsScreen): boolean {
  if (stream.kind !== 'ended' && !(stream.kind === 'failed' && stream.mayRetry)) return false;
  if (state.nowMs < retryAtMs || state.connection.kind === 'refused') return false;
  const container = containerAt(state.fleet, key);
  if (!container || isStale(state.fleet, container.environmentId)) return false;
  return stream.kind === 'failed' || container.state === 'running';
}

/** When a log wants to be opened again, or shown further; undefined when nothing waits for that. */
export function nextLogRetryMs(state: AppState): number | undefined {
  const screen = openLog(state);
  if (isMerged(screen)) return nextMergedMs(state, screen);
  if (!screen || state.nowMs >= screen.retryAtMs) return undefined;
  return mayResume({ ...state, nowMs: screen.retryAtMs }, screen) ? screen.retryAtMs : undefined;
}
