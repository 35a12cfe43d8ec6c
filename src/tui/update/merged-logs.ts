/** Several logs in one view: opening their streams, taking what each brings, and going on after one breaks or ends. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { readLine } from '../format/log-colors.ts';
import { printable } from '../format/width.ts';
import { aheadMs, narrowBounds } from '../model/clock-bounds.ts';
import type { Effect, OutsideEvent } from '../model/event.ts';
import { containerAt, environmentIdOf, environmentName, isStale } from '../model/live-fleet.ts';
import type { LogEntry } from '../model/log-buffer.ts';
import { nextReleaseMs, withPhase } from '../model/log-merge.ts';
import type { LogRange } from '../model/log-range.ts';
import type { LogSource, LogStream, MergedLogs } from '../model/log-source.ts';
import { skipKnown } from '../model/log-view.ts';
import {
  freshMerged,
  type MergedScreen,
  tailAfter,
  withArrived,
  withReleased,
  withSource,
} from '../model/merged-logs.ts';
import { type AppState, dayTime, type Step, stay } from '../model/state.ts';
import { fullName } from '../screens/titles.ts';
import { type Asking, beginWindow, nextWindow } from './log-request.ts';
import { cutWords, endOf, retryWaitMs } from './log-retry.ts';
import { replaceScreen } from './stack.ts';

type EventOf<Kind extends OutsideEvent['kind']> = Extract<OutsideEvent, { kind: Kind }>;

export interface MergedWish {
  readonly keys: readonly ContainerKey[];
  /** How many containers were meant, those left out too. */
  readonly wanted: number;
  readonly range: LogRange;
  /** As far as the hosts' clocks were measured by an earlier view. */
  readonly clocks?: MergedLogs['clocks'];
}

/** The view of these logs and the effects that open them; those of an environment that is down wait for it. */
export function startMerged(
  state: AppState,
  { keys, wanted, range, clocks = new Map() }: MergedWish,
): { readonly screen: MergedScreen; readonly nextId: number; readonly effects: readonly Effect[] } {
  const viewId = state.nextId;
  const sources = keys.map((key, at) => sourceOf(state, key, viewId + 1 + at));
  let screen = freshMerged(viewId, { sources, wanted, range }, state.nowMs);
  screen = { ...screen, merged: { ...screen.merged, clocks } };
  const effects: Effect[] = [];
  for (const [at, { key, streamId, stream }] of sources.entries()) {
    if (stream.kind === 'failed') {
      const merge = withPhase(screen.merged.merge, at, 'over', state.nowMs);
      screen = { ...screen, merged: { ...screen.merged, merge } };
      continue;
    }
    const window = beginWindow(range, askingOf(state, screen, key));
    const among = sources.length;
    effects.push({ kind: 'follow-logs', viewId: streamId, key, ...window, among });
  }
  return { screen, nextId: viewId + 1 + sources.length, effects };
}

function askingOf(state: AppState, { merged }: MergedScreen, key: ContainerKey): Asking {
  const ahead = aheadMs(merged.clocks.get(environmentIdOf(key)));
  return { nowMs: dayTime(state), among: merged.sources.length, aheadMs: ahead };
}

function sourceOf(state: AppState, key: ContainerKey, streamId: number): LogSource {
  const environmentId = environmentIdOf(key);
  const name = fullName(state, key);
  const why = `${environmentName(state.fleet, environmentId)} does not answer.`;
  const stream: LogStream = isStale(state.fleet, environmentId)
    ? { kind: 'failed', why: printable(why), mayRetry: true }
    : { kind: 'opening' };
  return {
    key,
    streamId,
    name,
    shortName: name.slice(name.indexOf('/') + 1),
    stream,
    retryAtMs: 0,
    failures: 0,
    lines: 0,
    tail: undefined,
    skip: undefined,
    headMs: undefined,
    past: { kind: 'unknown' },
  };
}

/** Which source of the view a stream is; -1 when it is none's any more. */
export function sourceIndex({ merged }: MergedScreen, streamId: number): number {
  return merged.sources.findIndex((source) => source.streamId === streamId);
}

/** The step of an engine that begins to answer: its clock is compared with ours. */
export function onMergedOpened(
  state: AppState,
  screen: MergedScreen,
  event: EventOf<'log-opened'>,
): Step {
  const at = sourceIndex(screen, event.viewId);
  const source = screen.merged.sources[at];
  if (!source) return stay(state);
  const { merged } = withSource(screen, at, { stream: { kind: 'following' } });
  const clocks = new Map(merged.clocks);
  const environmentId = environmentIdOf(source.key);
  const { dateMs } = event;
  if (dateMs !== undefined) {
    const answer = { dateMs, askedAtMs: event.askedAtMs, answeredAtMs: event.answeredAtMs };
    clocks.set(environmentId, narrowBounds(clocks.get(environmentId), answer));
  }
  const merge = withPhase(merged.merge, at, 'open', state.nowMs);
  return stay(replaceScreen(state, screen, { ...screen, merged: { ...merged, clocks, merge } }));
}

/** The step of lines that a source brought. */
export function onMergedLines(
  state: AppState,
  screen: MergedScreen,
  event: EventOf<'log-lines'>,
): Step {
  const at = sourceIndex(screen, event.viewId);
  const source = screen.merged.sources[at];
  if (!source) return stay(state);
  const { fresh, skip } = skipKnown(source.skip, event.lines.map(readLine));
  const known = withSource(screen, at, {
    skip,
    stream: { kind: 'following' },
    failures: fresh.length > 0 ? 0 : source.failures,
    lines: source.lines + fresh.length,
    tail: tailAfter(source.tail, fresh),
    headMs: source.headMs ?? fresh.find(({ atMs }) => atMs !== null)?.atMs ?? undefined,
  });
  return stay(replaceScreen(state, screen, withArrived(known, at, fresh, state.nowMs)));
}

/** The step of a stream's end: said among the lines, and the others go on. */
export function onMergedEnded(
  state: AppState,
  screen: MergedScreen,
  event: EventOf<'log-ended'>,
): Step {
  const at = sourceIndex(screen, event.viewId);
  const source = screen.merged.sources[at];
  if (!source) return stay(state);
  const { why, atMs } = event;
  const stream = endOf(event);
  const ended = withSource(screen, at, {
    stream,
    failures: source.failures + 1,
    retryAtMs: atMs + retryWaitMs(source.failures),
  });
  const words = noteWords(state, source, stream, why);
  const note: LogEntry = {
    atMs: null,
    stream: 'note',
    text: printable(`${source.name}: ${words}`),
  };
  const noted = words === '' ? ended : withArrived(ended, at, [note], state.nowMs);
  const merge = withPhase(noted.merged.merge, at, 'over', state.nowMs);
  const over = { ...noted, merged: { ...noted.merged, merge } };
  return stay(replaceScreen(state, screen, withReleased(over, state.nowMs)));
}

/** What is said where a stream ends; empty when nothing is, as when it has been said before. */
function noteWords(
  state: AppState,
  { key, lines, failures }: LogSource,
  stream: LogStream,
  why: string | undefined,
): string {
  if (stream.kind === 'done') return stream.isCut ? cutWords(lines) : '';
  if (failures > 0) return '';
  return why ?? (containerAt(state.fleet, key) ? 'the log ended here' : 'the container is gone');
}

/** The step of time: what has waited long enough shows, and streams that may go on are opened again. */
export function onMergedTick(state: AppState, screen: MergedScreen): Step {
  let next = withReleased(screen, state.nowMs);
  let { nextId } = state;
  const effects: Effect[] = [];
  for (const [at, source] of screen.merged.sources.entries()) {
    if (!mayResume(state, source)) continue;
    const streamId = nextId++;
    const skip = source.tail;
    next = withSource(next, at, { streamId, skip, stream: { kind: 'opening' } });
    // The others are not held up for it: what it logged meanwhile comes late, and says so.
    const merge = withPhase(next.merged.merge, at, 'open', state.nowMs);
    next = { ...next, merged: { ...next.merged, merge } };
    effects.push(followOn(state, screen, source, streamId));
  }
  if (next === screen) return stay(state);
  return { state: { ...replaceScreen(state, screen, next), nextId }, effects };
}

function followOn(
  state: AppState,
  screen: MergedScreen,
  { key, tail, lines }: LogSource,
  streamId: number,
): Effect {
  const { range, merged } = screen;
  const window = nextWindow(range, { tail, received: lines }, askingOf(state, screen, key));
  const among = merged.sources.length;
  return { kind: 'follow-logs', viewId: streamId, key, ...window, among };
}

function mayResume(state: AppState, { stream, key, retryAtMs }: LogSource): boolean {
  if (stream.kind !== 'ended' && !(stream.kind === 'failed' && stream.mayRetry)) return false;
  if (state.nowMs < retryAtMs || state.connection.kind === 'refused') return false;
  const container = containerAt(state.fleet, key);
  if (!container || isStale(state.fleet, container.environmentId)) return false;
  return stream.kind === 'failed' || container.state === 'running';
}

/** When time next means something to a merged view; undefined when it waits for none. */
export function nextMergedMs(state: AppState, { merged }: MergedScreen): number | undefined {
  const times = merged.sources.flatMap((source) => {
    if (state.nowMs >= source.retryAtMs) return [];
    return mayResume({ ...state, nowMs: source.retryAtMs }, source) ? [source.retryAtMs] : [];
  });
  const releaseMs = nextReleaseMs(merged.merge, state.nowMs);
  if (releaseMs !== undefined) times.push(Math.max(state.nowMs + 1, releaseMs));
  return times.length === 0 ? undefined : Math.min(...times);
}
