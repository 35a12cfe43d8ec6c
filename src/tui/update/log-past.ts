/** Older lines: asked for when the reader comes near to the first one held, and put before it without a hole or a doubling. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import { readLine } from '../format/log-colors.ts';
import { aheadMs } from '../model/clock-bounds.ts';
import type { Effect, OutsideEvent } from '../model/event.ts';
import { environmentIdOf, isStale } from '../model/live-fleet.ts';
import { heldLines, LOG_LIMITS, type LogEntry, lineAt, prependLines } from '../model/log-buffer.ts';
import { headOf, interleave } from '../model/log-interleave.ts';
import { edgeLine, shownLines } from '../model/log-lens.ts';
import type { LogPast, LogSource } from '../model/log-source.ts';
import { type LogsScreen, searchLog } from '../model/log-view.ts';
import { isMerged, type MergedScreen, withSource } from '../model/merged-logs.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstPlace } from '../screens/log-window.ts';
import { isAllThereWas } from './log-request.ts';
import { replaceScreen, replaceTop } from './stack.ts';

/** Lines read at once, of all logs of a view together, and at least so many of each. */
const PAGE = { together: 2_000, each: 50 };
const PAGE_BYTES = 8 * 1024 * 1024;
const RETRY_MS = 5_000;

type OlderEvent = Extract<OutsideEvent, { kind: 'log-older' }>;

/** The step that asks for older lines where the reader needs them; most states need none. */
export function askOlder(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'logs' || !hasRoom(screen) || screen.range.kind === 'head')
    return stay(state);
  if (isMerged(screen)) return screen.isFollowing ? stay(state) : askOlderOfMany(state, screen);
  const { range, past } = screen;
  const isEmptyRun = range.kind === 'before' && range.toMs !== undefined && screen.log.end === 0;
  const isWanted = isEmptyRun || (!screen.isFollowing && isNearTop(state, screen));
  const isAll = isAllThereWas(range, heldLines(screen.log) + screen.log.letGo, 1);
  if (!isWanted || isAll || !mayAsk(state, past, screen.key)) return stay(state);
  const seam = seamOf(screen);
  if (!seam) return stay(state);
  const requestId = state.nextId;
  const asked = withEdgeShown(state, { ...screen, past: { kind: 'asked', requestId } });
  return {
    state: { ...replaceTop(state, asked), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-older', requestId, key: screen.key, want: PAGE.together, ...seam }],
  };
}

/** Where the window begins at the first line, the remark above it comes into sight. */
function withEdgeShown<Screen extends LogsScreen>(state: AppState, screen: Screen): Screen {
  const { line, row } = firstPlace(screen, currentLayout(state).body);
  const isAtTop = line === screen.log.first && row === 0 && !screen.isFollowing;
  const edge = isAtTop ? edgeLine(screen) : undefined;
  return edge === undefined ? screen : { ...screen, top: { line: edge, row: 0 } };
}

type Seam = Pick<Extract<Effect, { kind: 'fetch-older' }>, 'beforeMs' | 'atSeam' | 'known'>;

function seamOf({ log, range }: LogsScreen): Seam | undefined {
  const head = headOf(log);
  if (head) {
    const isContiguous = range.kind === 'tail' || range.kind === 'last';
    const known = isContiguous ? head.held : undefined;
    return { beforeMs: head.atMs, atSeam: head.count, known };
  }
  const isRun = range.kind === 'before' && range.toMs !== undefined;
  return isRun ? { beforeMs: range.toMs, atSeam: 0, known: 0 } : undefined;
}

function hasRoom({ log }: LogsScreen): boolean {
  return (
    heldLines(log) + PAGE.together <= LOG_LIMITS.lines && log.bytes + PAGE_BYTES <= LOG_LIMITS.bytes
  );
}

function isNearTop(state: AppState, screen: LogsScreen): boolean {
  const { body } = currentLayout(state);
  return shownLines(screen).indexFrom(firstPlace(screen, body).line) <= body.height;
}

function mayAsk(state: AppState, past: LogPast, key: ContainerKey): boolean {
  if (isStale(state.fleet, environmentIdOf(key))) return false;
  return past.kind === 'unknown' || (past.kind === 'failed' && state.nowMs >= past.retryAtMs);
}

const aheadOf = ({ merged }: MergedScreen, { key }: LogSource) =>
  aheadMs(merged.clocks.get(environmentIdOf(key)));

/** Of many logs, those are asked whose lines do not reach back to where the reader is. */
function askOlderOfMany(state: AppState, screen: MergedScreen): Step {
  const { body } = currentLayout(state);
  const top = lineAt(screen.log, firstPlace(screen, body).line);
  const isTop = isNearTop(state, screen);
  const topMs = top && timeIn(screen, top);
  const { sources } = screen.merged;
  const wanting = sources.flatMap((source, at) => {
    if (source.headMs === undefined || !mayAsk(state, source.past, source.key)) return [];
    if (isAllThereWas(screen.range, source.lines, sources.length)) return [];
    const isShort = topMs !== undefined && source.headMs - aheadOf(screen, source) >= topMs;
    return isTop || isShort ? [{ source, at }] : [];
  });
  let next = screen;
  let { nextId } = state;
  const effects: Effect[] = [];
  const want = Math.max(PAGE.each, Math.ceil(PAGE.together / Math.max(1, wanting.length)));
  for (const { source, at } of wanting) {
    const head = headOf(screen.log, at);
    if (!head) continue;
    const requestId = nextId++;
    const isContiguous = screen.range.kind === 'tail' || screen.range.kind === 'last';
    const waiting = screen.merged.merge.lanes[at]?.held.length ?? 0;
    const known = isContiguous ? head.held + waiting : undefined;
    const seam = { beforeMs: head.atMs, atSeam: head.count, known };
    effects.push({ kind: 'fetch-older', requestId, key: source.key, want, ...seam });
    next = withSource(next, at, { past: { kind: 'asked', requestId } });
  }
  if (effects.length === 0) return stay(state);
  const asked = withEdgeShown(state, withPast(next));
  return { state: { ...replaceTop(state, asked), nextId }, effects };
}

/** The view's own word on its past, of those of its sources. */
function withPast(screen: MergedScreen): MergedScreen {
  const { sources } = screen.merged;
  const asked = sources.find(({ past }) => past.kind === 'asked')?.past;
  const failed = sources.find(({ past }) => past.kind === 'failed')?.past;
  const isWhole = sources.every(
    ({ past, lines }) =>
      past.kind === 'whole' || isAllThereWas(screen.range, lines, sources.length),
  );
  const past = asked ?? failed ?? { kind: isWhole ? 'whole' : 'unknown' };
  return { ...screen, past };
}

/** When a line was written, by our clock as far as its host's is known; undefined for a remark. */
export function timeIn(screen: LogsScreen, { atMs, source }: LogEntry): number | undefined {
  if (atMs === null) return undefined;
  const from = isMerged(screen) ? screen.merged.sources[source ?? -1] : undefined;
  return from && isMerged(screen) ? atMs - aheadOf(screen, from) : atMs;
}

/** The step of older lines that came, or of why they did not. */
export function onOlder(state: AppState, event: OlderEvent): Step {
  const screen = state.screens.find((other) => other.kind === 'logs');
  if (!screen) return stay(state);
  const isOurs = (past: LogPast) => past.kind === 'asked' && past.requestId === event.requestId;
  if (isMerged(screen)) {
    const at = screen.merged.sources.findIndex(({ past }) => isOurs(past));
    if (at < 0) return stay(state);
    return stay(replaceScreen(state, screen, withOlderOf(screen, at, event)));
  }
  if (!isOurs(screen.past)) return stay(state);
  const log = prependLines(screen.log, event.lines.map(readLine));
  const older: LogsScreen = { ...screen, log, past: pastAfter(event) };
  return stay(replaceScreen(state, screen, searchedAgain(older)));
}

function pastAfter({ why, isWhole, atMs }: OlderEvent): LogPast {
  if (why !== undefined) return { kind: 'failed', why, retryAtMs: atMs + RETRY_MS };
  return { kind: isWhole ? 'whole' : 'unknown' };
}

function withOlderOf(screen: MergedScreen, at: number, event: OlderEvent): MergedScreen {
  const entries = event.lines.map((line) => ({ ...readLine(line), source: at }));
  const headMs = entries[0]?.atMs ?? screen.merged.sources[at]?.headMs;
  const known = withPast(withSource(screen, at, { headMs, past: pastAfter(event) }));
  if (entries.length === 0) return known;
  const { log, renumber } = interleave(screen.log, entries, (entry) => timeIn(screen, entry));
  const moved = (line: number | undefined) => (line === undefined ? undefined : renumber(line));
  const { selection, top } = screen;
  return searchedAgain({
    ...known,
    log,
    top: { ...top, line: renumber(top.line) },
    focus: moved(screen.focus),
    selection: selection && { anchor: renumber(selection.anchor), at: renumber(selection.at) },
    search: screen.search && { ...screen.search, current: moved(screen.search.current) },
  });
}

function searchedAgain<Screen extends LogsScreen>(screen: Screen): Screen {
  const { search, log } = screen;
  if (!search) return screen;
  const found = searchLog(log, search.text);
  return { ...screen, search: found && { ...found, current: search.current } };
}
