/** The log beside the list: opened when the cursor rests, stopped when it goes on, told apart by the id of its stream. */
import { readLine } from '../format/log-colors.ts';
import type { Effect, Movement, OutsideEvent } from '../model/event.ts';
import { containerAt, isStale } from '../model/live-fleet.ts';
import { appendLines } from '../model/log-buffer.ts';
import { LOG_REST_MS, type LogPane, PANE_LIMITS, PANE_LINES } from '../model/log-pane.ts';
import { freshLogs, type LogsScreen } from '../model/log-view.ts';
import { whyNotIn } from '../model/rights.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstPlace, movePlace } from '../screens/log-window.ts';
import { logArea } from '../screens/pane-places.ts';
import { endOf } from './log-retry.ts';
import { rowsFor } from './rows-for.ts';

type PaneEvent = Extract<OutsideEvent, { kind: 'log-lines' | 'log-opened' | 'log-ended' }>;

/** The container whose log belongs beside the list now. */
function wanted(state: AppState): Pick<LogPane, 'key' | 'startedAtMs'> | undefined {
  const key = topScreen(state).kind === 'containers' ? subjectKey(state) : undefined;
  if (key === undefined || !logArea(currentLayout(state))) return undefined;
  const container = containerAt(state.fleet, key);
  if (!container || isStale(state.fleet, container.environmentId)) return undefined;
  if (whyNotIn(state, container.environmentId, 'logs') !== undefined) return undefined;
  return { key, startedAtMs: container.startedAtMs };
}

const isSame = (pane: LogPane, other: Pick<LogPane, 'key' | 'startedAtMs'>): boolean =>
  pane.key === other.key && pane.startedAtMs === other.startedAtMs;

/** The state whose pane is of the container under the cursor, and what is asked and given up for that. */
export function trackLogPane(state: AppState): Step {
  const pane = state.logPane;
  const want = wanted(state);
  if (!want) return pane ? closed(state, undefined) : stay(state);
  if (!pane || !isSame(pane, want)) {
    return closed(state, { ...want, sinceMs: state.nowMs, view: undefined });
  }
  if (pane.view || state.nowMs - pane.sinceMs < LOG_REST_MS) return stay(state);
  const viewId = state.nextId;
  const { key } = pane;
  const next = { ...pane, view: freshLogs(viewId, key) };
  const effect: Effect = {
    kind: 'follow-logs',
    ...{ viewId, key, tail: PANE_LINES, sinceMs: undefined },
  };
  return { state: { ...state, nextId: viewId + 1, logPane: next }, effects: [effect] };
}

function closed(state: AppState, logPane: LogPane | undefined): Step {
  const view = state.logPane?.view;
  const isOpen = view?.stream.kind === 'opening' || view?.stream.kind === 'following';
  const effects: Effect[] = view && isOpen ? [{ kind: 'stop-logs', viewId: view.viewId }] : [];
  return { state: { ...state, logPane }, effects };
}

/** When the pane wants to be opened; undefined while nothing waits for that. */
export function nextLogPaneMs({ logPane }: AppState): number | undefined {
  return logPane && !logPane.view ? logPane.sinceMs + LOG_REST_MS : undefined;
}

/** The step of what is told of the pane's stream; undefined when it is told of another one. */
export function onPaneLog(state: AppState, event: PaneEvent): Step | undefined {
  const { logPane } = state;
  const view = logPane?.view;
  if (!view || view.viewId !== event.viewId) return undefined;
  return stay({ ...state, logPane: { ...logPane, view: told(view, event) } });
}

function told(view: LogsScreen, event: PaneEvent): LogsScreen {
  switch (event.kind) {
    case 'log-opened':
      return { ...view, stream: { kind: 'following' } };
    case 'log-lines': {
      const log = appendLines(view.log, event.lines.map(readLine), PANE_LIMITS);
      return { ...view, log, stream: { kind: 'following' } };
    }
    case 'log-ended':
      return { ...view, stream: endOf(event) };
  }
}

/** The state after a movement in the pane; at its end it follows again. */
export function moveLogPane(state: AppState, to: Movement): AppState {
  const { logPane } = state;
  const area = logArea(currentLayout(state));
  if (!logPane?.view || !area) return state;
  const view = movedLog(logPane.view, to, { width: area.width, height: area.height - 1 });
  return { ...state, logPane: { ...logPane, view } };
}

function movedLog(view: LogsScreen, to: Movement, room: { width: number; height: number }) {
  if (to === 'left' || to === 'right') return view;
  if (to === 'last') return { ...view, isFollowing: true };
  if (to === 'first') return { ...view, isFollowing: false, top: { line: view.log.first, row: 0 } };
  const by = rowsFor(to, room.height);
  const top = movePlace(view, firstPlace(view, room), by, room);
  const isAtEnd = by > 0 && top.line === firstPlace({ ...view, isFollowing: true }, room).line;
  return { ...view, isFollowing: isAtEnd || (view.isFollowing && by > 0), top };
}
