/** Moving: the cursor in lists and help, the window in logs and texts. */
import type { DiffScreen } from '../model/diff-view.ts';
import type { Movement } from '../model/event.ts';
import { placeCursor } from '../model/list-cursor.ts';
import { shownLines } from '../model/log-lens.ts';
import type { MergedLogs } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { isPeople } from '../model/people-view.ts';
import { isRowScreen, type RowScreen } from '../model/row-screen.ts';
import type { ExecScreen, LogLineScreen, Screen } from '../model/screen.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { diffHeight } from '../screens/diff.ts';
import { execHeight } from '../screens/exec-view.ts';
import { currentLayout, isTextScreen, type TextScreen, textLines } from '../screens/frame.ts';
import { helpEntries } from '../screens/help.ts';
import { partCount, zoomedEntry } from '../screens/log-line.ts';
import { firstPlace, movePlace } from '../screens/log-window.ts';
import { widestLine } from '../screens/logs.ts';
import { processRoom } from '../screens/processes.ts';
import type { Area } from '../screens/view.ts';
import { moveAudit } from './audit.ts';
import { moveInspect } from './inspect-view.ts';
import { moveSelection, withoutClearing } from './log-lines.ts';
import { moveOperations } from './operations-list.ts';
import { movePane } from './panes.ts';
import { movePeople } from './people.ts';
import { moveProcesses } from './processes.ts';
import { moveRows } from './row-screens.ts';
import { rowsFor } from './rows-for.ts';
import { replaceTop } from './stack.ts';
import { pausedAt } from './switches.ts';
import { moveWall } from './wall.ts';

/** Cells by which a log moves sideways at once. */
const SIDE_STEP = 16;

/** The state after a movement on the screen on top. */
export function move(state: AppState, to: Movement): AppState {
  const inPane = movePane(state, to);
  if (inPane) return inPane;
  const screen = topScreen(state);
  return isRowScreen(screen) ? moveRows(state, screen, to) : moveIn(state, screen, to);
}

function moveIn(state: AppState, screen: Exclude<Screen, RowScreen>, to: Movement): AppState {
  const area = currentLayout(state).body;
  if (isPeople(screen)) return movePeople(state, screen, rowsFor(to, area.height - 1));
  if (screen.kind === 'log-line') return replaceTop(state, moveZoomed(state, screen, to));
  if (isTextScreen(screen)) return moveText(state, screen, rowsFor(to, area.height), area);
  switch (screen.kind) {
    case 'containers':
      return moveContainers(state, rowsFor(to, area.height - 1));
    case 'environments':
      return moveEnvironments(state, rowsFor(to, area.height - 1));
    case 'logs':
      return replaceTop(state, moveLog(state, screen, to));
    case 'metrics':
    case 'form':
      return state;
    case 'processes': {
      const room = processRoom(area);
      return replaceTop(state, moveProcesses(screen, rowsFor(to, room), room));
    }
    case 'inspect':
      return replaceTop(state, moveInspect(state, screen, to));
    case 'diff':
      return replaceTop(state, moveDiff(screen, rowsFor(to, area.height), area));
    case 'wall':
      return replaceTop(state, moveWall(state, screen, to));
    case 'audit':
      return moveAudit(state, screen, rowsFor(to, area.height - 1));
    case 'operations':
      return moveOperations(state, screen, rowsFor(to, area.height));
    case 'exec':
      return replaceTop(state, moveExec(state, screen, to));
    case 'help': {
      const last = helpEntries(state, screen).length - 1;
      const at = Math.max(0, Math.min(last, screen.at + rowsFor(to, area.height)));
      return replaceTop(state, { ...screen, at });
    }
  }
}

function moveContainers(state: AppState, by: number): AppState {
  const list = state.containers;
  const cursor = placeCursor(list.cursor, list.rows, list.cursor.at + by);
  return { ...state, containers: { ...list, cursor, cursorMovedAtMs: state.nowMs } };
}

function moveEnvironments(state: AppState, by: number): AppState {
  const list = state.environments;
  const cursor = placeCursor(list.cursor, list.order, list.cursor.at + by);
  return { ...state, environments: { ...list, cursor } };
}

function moveText(state: AppState, screen: TextScreen, by: number, area: Area): AppState {
  const lowest = Math.max(0, textLines(state, screen, area.width).length - area.height);
  return replaceTop(state, { ...screen, top: Math.max(0, Math.min(lowest, screen.top + by)) });
}

function moveDiff(screen: DiffScreen, by: number, area: Area): DiffScreen {
  const lowest = Math.max(0, diffHeight(screen, area.width) - area.height);
  return { ...screen, top: Math.max(0, Math.min(lowest, screen.top + by)) };
}

function moveZoomed(state: AppState, screen: LogLineScreen, to: Movement): LogLineScreen {
  const { width, height } = currentLayout(state).body;
  if (to === 'left' || to === 'right') {
    const found = zoomedEntry(state, screen);
    const last = found ? partCount(found.entry) - 1 : 0;
    const part = Math.max(0, Math.min(last, screen.part + (to === 'right' ? 1 : -1)));
    return part === screen.part ? screen : { ...screen, part, top: 0 };
  }
  const lowest = Math.max(0, textLines(state, screen, width).length - height);
  return { ...screen, top: Math.max(0, Math.min(lowest, screen.top + rowsFor(to, height))) };
}

function moveExec(state: AppState, screen: ExecScreen, to: Movement): ExecScreen {
  const { height } = currentLayout(state).body;
  if (to === 'left') return { ...screen, column: Math.max(0, screen.column - SIDE_STEP) };
  if (to === 'right') return { ...screen, column: screen.column + SIDE_STEP };
  const lowest = state.exec ? Math.max(0, execHeight(state.exec) - height) : 0;
  const top = Math.max(0, Math.min(lowest, screen.top + rowsFor(to, height)));
  return { ...screen, top };
}

function moveLog(state: AppState, screen: LogsScreen, to: Movement): LogsScreen {
  const area = currentLayout(state).body;
  if (to === 'left' || to === 'right') return moveSideways(screen, to, area);
  const by = rowsFor(to, area.height);
  if (screen.merged?.picking !== undefined) return movePicking(screen, screen.merged, by);
  if (screen.selection) return moveSelection(state, screen, by);
  if (to === 'last') return { ...screen, isFollowing: true };
  if (screen.isFollowing && by > 0) return screen;
  const isAtTop = by < 0 && shownLines(screen).indexFrom(firstPlace(screen, area).line) === 0;
  const paused = isAtTop ? withoutClearing(pausedAt(state, screen)) : pausedAt(state, screen);
  if (to === 'first') return { ...paused, top: firstShown(paused) };
  return { ...paused, top: movePlace(paused, firstPlace(paused, area), by, area) };
}

function firstShown(screen: LogsScreen): LogsScreen['top'] {
  const shown = shownLines(screen);
  return { line: shown.count > 0 ? shown.line(0) : screen.log.first, row: 0 };
}

function movePicking(screen: LogsScreen, merged: MergedLogs, by: number): LogsScreen {
  const picking = Math.max(0, Math.min(merged.sources.length - 1, (merged.picking ?? 0) + by));
  return { ...screen, merged: { ...merged, picking } };
}

function moveSideways(screen: LogsScreen, to: 'left' | 'right', area: Area): LogsScreen {
  if (to === 'left') return { ...screen, column: Math.max(0, screen.column - SIDE_STEP) };
  const widest = widestLine(screen, area);
  const isMore = screen.column + area.width < widest;
  return isMore ? { ...screen, column: screen.column + SIDE_STEP } : screen;
}
