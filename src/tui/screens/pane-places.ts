/** Which panes of a list view are on the screen, where, and which has the keys. */
import type { Pane } from '../model/panes.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { selectedEnvironment, subjectKey } from '../model/subject.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { Area } from './view.ts';

/** The areas of one of the lists, whichever view is on top. */
export function listLayout(state: AppState, list: 'containers' | 'environments'): Layout {
  const { size, isHeadless, containers, settings } = state;
  const isWide = list === 'containers' && containers.isWide;
  const hasLog = list === 'containers' && !settings.isLogHidden;
  const options = { hasPanes: true, isWide, hasLog, isHeadless };
  const among = layoutOf(size, { ...options, alone: undefined });
  if (!state.isFull) return among;
  const { focus } = state.panes;
  const alone = panesIn(among).includes(focus) ? focus : 'list';
  return layoutOf(size, { ...options, alone });
}

/** The panes that keys can go to, in their order; just one where the screen has room for no more. */
export function panesOf(state: AppState): readonly Pane[] {
  const { kind } = topScreen(state);
  if (kind !== 'containers' && kind !== 'environments') return ['list'];
  return panesIn(listLayout({ ...state, isFull: false }, kind));
}

function panesIn({ detail, preview }: Layout): readonly Pane[] {
  if (detail && preview) return ['list', 'facts', 'log'];
  return detail || preview ? ['list', 'facts'] : ['list'];
}

/** The pane that movement goes to. */
export function focusedPane(state: AppState): Pane {
  const { focus } = state.panes;
  return focus !== 'list' && panesOf(state).includes(focus) ? focus : 'list';
}

/** What the facts are of, as a name for their place. */
export function factsOf(state: AppState): string {
  if (topScreen(state).kind === 'environments') return `#${selectedEnvironment(state)?.id}`;
  return subjectKey(state) ?? '';
}

/** Where the facts are in a layout; undefined when they are not on the screen. */
export function factsArea({ detail, preview, alone }: Layout): Area | undefined {
  return alone === 'log' ? undefined : (detail ?? preview);
}

/** Where the log is, its divider included; undefined when it is not on the screen. */
export function logArea({ detail, preview, alone }: Layout): Area | undefined {
  return detail || alone === 'log' ? preview : undefined;
}

/** Rows of the facts scrolled away, never so many that there is nothing left to see. */
export function factsTop(state: AppState, count: number, room: number): number {
  const { top, of } = state.panes;
  return of === factsOf(state) ? Math.max(0, Math.min(top, count - room)) : 0;
}
