/** Going from pane to pane of a list view, and scrolling the one that has the keys. */
import type { Movement } from '../model/event.ts';
import type { AppState } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { factsArea, factsOf, factsTop, focusedPane, panesOf } from '../screens/pane-places.ts';
import { previewOf } from '../screens/preview.ts';
import { moveLogPane } from './log-pane.ts';
import { rowsFor } from './rows-for.ts';

/** The state with the keys in the next pane, or in the one before. */
export function switchPane(state: AppState, by: 1 | -1): AppState {
  const all = panesOf(state);
  const at = all.indexOf(focusedPane(state));
  const focus = all[(at + by + all.length) % all.length] ?? 'list';
  return { ...state, panes: { ...state.panes, focus } };
}

/** The state with the keys in the list again; undefined when they are there. */
export function leavePane(state: AppState): AppState | undefined {
  if (focusedPane(state) === 'list') return undefined;
  return { ...state, panes: { ...state.panes, focus: 'list' } };
}

/** The state after a movement in the pane that has the keys; undefined when that is the list. */
export function movePane(state: AppState, to: Movement): AppState | undefined {
  const pane = focusedPane(state);
  if (pane === 'log') return moveLogPane(state, to);
  if (pane !== 'facts') return undefined;
  const area = factsArea(currentLayout(state));
  if (!area) return undefined;
  const room = area.height - 1;
  const count = previewOf(state, area.width).lines.length;
  const wanted = factsTop(state, count, room) + rowsFor(to, room);
  const top = Math.max(0, Math.min(count - room, wanted));
  return { ...state, panes: { ...state.panes, top, of: factsOf(state) } };
}
