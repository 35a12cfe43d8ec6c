/** When the loop should let time pass next: no clock runs while nothing on the screen ages. */
import { DEAF_FOR_MS } from '../model/dialog.ts';
import { STILL_AGES_MS } from '../model/settings.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { nextAuditMs } from './audit.ts';
import { nextFiguresMs } from './figures.ts';
import { nextInfoMs } from './info.ts';
import { nextInspectMs } from './inspect-view.ts';
import { owesFilter } from './late-filter.ts';
import { nextLinkQuestionMs } from './link.ts';
import { nextLogPaneMs } from './log-pane.ts';
import { nextLogRetryMs } from './logs.ts';
import { nextMetricsMs } from './metrics.ts';
import { nextProcessesMs } from './processes.ts';

const SECOND_MS = 1_000;
/** What a key asked for is painted when the events that wait now are handled. */
const AFTER_PAINT_MS = 1;

/** Milliseconds until the next tick is wanted; undefined when nothing waits for time. */
export function wantedTickMs(state: AppState): number | undefined {
  const waits = [
    ...(isAging(state) ? [agingMs(state)] : []),
    ...(owesFilter(state) ? [AFTER_PAINT_MS] : []),
    ...(state.dialog ? [state.dialog.openedAtMs + DEAF_FOR_MS - state.nowMs] : []),
    ...[
      nextLogRetryMs(state),
      nextLinkQuestionMs(state),
      nextFiguresMs(state),
      nextMetricsMs(state),
      nextProcessesMs(state),
      nextAuditMs(state),
      nextInspectMs(state),
      nextLogPaneMs(state),
      nextInfoMs(state),
      nextJobMs(state),
    ].flatMap((atMs) => (atMs === undefined ? [] : [atMs - state.nowMs])),
  ].filter((waitMs) => waitMs > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** How often ages are told anew. The wall goes on: that its clock moves is how it tells that it lives. */
function agingMs(state: AppState): number {
  const isWall = topScreen(state).kind === 'wall';
  return state.settings.isStill && !isWall ? STILL_AGES_MS : SECOND_MS;
}

/** When the next job begins that can still be called back. */
function nextJobMs({ jobs }: AppState): number | undefined {
  const starts = jobs.flatMap(({ beginsAtMs }) => beginsAtMs ?? []);
  return starts.length > 0 ? Math.min(...starts) : undefined;
}

function isAging(state: AppState): boolean {
  return (
    state.fleet.environments.size > 0 ||
    state.fleet.heardAtMs !== undefined ||
    state.messages.queue.length > 0 ||
    state.pending.size > 0 ||
    state.connection.kind === 'lost'
  );
}
