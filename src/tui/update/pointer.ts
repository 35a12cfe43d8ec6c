/** The mouse: the wheel scrolls what it is over, a press selects, a second press opens. It never answers a question. */
import type { OutsideEvent } from '../model/event.ts';
import { placeCursor } from '../model/list-cursor.ts';
import { operationRows } from '../model/operation-list.ts';
import type { Pane } from '../model/panes.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { isBelowFloor } from '../screens/layout.ts';
import { factsArea, logArea } from '../screens/pane-places.ts';
import type { Area } from '../screens/view.ts';
import { tileAt } from '../screens/wall.ts';
import { type Carry, onBoundKey } from './keys.ts';
import { move } from './movement.ts';
import { replaceTop } from './stack.ts';
import { selectTile } from './wall.ts';

type Pointer = Extract<OutsideEvent, { kind: 'pointer' }>;
type Place = Pick<Pointer, 'top' | 'left'>;

const WHEEL_ROWS = 3;
const DOUBLE_MS = 400;

/** The step of what the mouse did; nothing where something lies over the screen or is being typed. */
export function onPointer(state: AppState, pointer: Pointer, carry: Carry): Step {
  const isCovered = state.dialog ?? state.menu ?? state.prompt;
  if (!state.settings.hasMouse || isCovered || isBelowFloor(state.size)) return stay(state);
  const pane = paneAt(state, pointer);
  if (pane === undefined) return stay(state);
  if (pointer.act !== 'press')
    return stay(wheeled(state, pane, pointer.act === 'wheel-up' ? 'up' : 'down'));
  const { top, left, atMs } = pointer;
  const focused = { ...state, panes: { ...state.panes, focus: pane } };
  const selected = pane === 'list' ? selectAt(focused, pointer) : undefined;
  if (!selected) return stay({ ...focused, pressed: undefined });
  const before = state.pressed;
  const isDouble = before?.top === top && atMs - before.atMs <= DOUBLE_MS;
  if (!isDouble) return stay({ ...selected, pressed: { top, left, atMs } });
  return onBoundKey({ ...selected, pressed: undefined }, 'enter', carry);
}

const isIn = ({ top, left, width, height }: Area, place: Place): boolean =>
  place.top >= top && place.top < top + height && place.left >= left && place.left < left + width;

/** The pane at a place of the screen; the whole body is the list where there is but one. */
function paneAt(state: AppState, place: Place): Pane | undefined {
  const { kind } = topScreen(state);
  if (kind === 'wall') return 'list';
  const layout = currentLayout(state);
  const facts = kind === 'logs' ? undefined : factsArea(layout);
  if (facts && isIn(facts, place)) return 'facts';
  const log = kind === 'containers' ? logArea(layout) : undefined;
  if (log && isIn(log, place)) return 'log';
  return isIn(layout.body, place) ? 'list' : undefined;
}

/** The pane scrolled; who has the keys stays so. */
function wheeled(state: AppState, pane: Pane, to: 'up' | 'down'): AppState {
  const { focus } = state.panes;
  let next: AppState = { ...state, panes: { ...state.panes, focus: pane } };
  for (let row = 0; row < WHEEL_ROWS; row++) next = move(next, to);
  return { ...next, panes: { ...next.panes, focus } };
}

/** The state with what stands at the place selected; undefined where nothing can be. */
function selectAt(state: AppState, place: Place): AppState | undefined {
  const screen = topScreen(state);
  const row = place.top - currentLayout(state).body.top;
  switch (screen.kind) {
    case 'containers': {
      const list = state.containers;
      const index = list.cursor.top + row - 1;
      if (row < 1 || index >= list.rows.length) return undefined;
      const cursor = placeCursor(list.cursor, list.rows, index);
      return { ...state, containers: { ...list, cursor, cursorMovedAtMs: state.nowMs } };
    }
    case 'environments': {
      const list = state.environments;
      const index = list.cursor.top + row - 1;
      if (row < 1 || index >= list.order.length) return undefined;
      const cursor = placeCursor(list.cursor, list.order, index);
      return { ...state, environments: { ...list, cursor } };
    }
    case 'operations': {
      const ids = operationRows(state.jobs, screen).map(({ id }) => id);
      const index = screen.cursor.top + row;
      if (index >= ids.length) return undefined;
      return replaceTop(state, { ...screen, cursor: placeCursor(screen.cursor, ids, index) });
    }
    case 'wall': {
      const index = tileAt(state, screen, place);
      return index === undefined ? undefined : replaceTop(state, selectTile(state, screen, index));
    }
    default:
      return undefined;
  }
}
