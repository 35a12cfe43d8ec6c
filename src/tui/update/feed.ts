/** What the fleet tells, and the passing of time. */
import type { Container } from '../../protocol/container.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import type { Connection } from '../model/connection.ts';
import { applyDelta, isListed, mayResort, rebuildList } from '../model/container-list.ts';
import { rebuildEnvironments } from '../model/environment-list.ts';
import { eventsOf, withEvents } from '../model/fleet-event.ts';
import { type Delta, foldFeed } from '../model/fold-feed.ts';
import { withWaiting } from '../model/frozen.ts';
import type { LiveFleet } from '../model/live-fleet.ts';
import { ageMessages } from '../model/message.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import { askAuditWhenDue } from './audit.ts';
import { askFiguresWhenDue } from './figures.ts';
import { askInfoWhenDue } from './info.ts';
import { refreshDescription } from './inspect.ts';
import { askInspectWhenDue } from './inspect-view.ts';
import { askLinkWhenDue } from './link.ts';
import { resumeLogs } from './logs.ts';
import { askMetricsWhenDue } from './metrics.ts';
import { beginDueJobs, withoutShown } from './operations.ts';
import { askProcessesWhenDue } from './processes.ts';
import { withOwedFilter } from './prompt.ts';
import { kept, said } from './say.ts';
import { withSignIn } from './sign-in.ts';
import { passWall, watchWall } from './wall.ts';

/** The step of a message of the feed; after a gap the fleet is asked once for a new snapshot. */
export function onFeed(state: AppState, message: FeedMessage): Step {
  const fold = foldFeed(state.fleet, message, state.nowMs);
  if (fold.kind === 'gap') return onGap(state);
  const told = withoutShown(withFleet(state, fold.fleet, fold.delta));
  // What single changes mean to the wall is looked at once a second, with the tick: it shows no more often.
  const folded = fold.delta.isWhole ? watchWall(told) : told;
  const resumed = resumeLogs(folded);
  const refreshed = refreshDescription(resumed.state, fold.delta);
  return { state: refreshed.state, effects: [...resumed.effects, ...refreshed.effects] };
}

/** Messages after a gap are worth nothing: they are dropped until the next snapshot. */
function onGap(state: AppState): Step {
  if (state.fleet.sequence === undefined) return stay(state);
  const waiting = { ...state, fleet: { ...state.fleet, sequence: undefined } };
  return { state: waiting, effects: [{ kind: 'resync' }] };
}

function withFleet(before: AppState, fleet: LiveFleet, delta: Delta): AppState {
  const { frozen, scope, nowMs } = before;
  const told = eventsOf(before.fleet, fleet, delta, nowMs);
  const sinceMs = before.events.sinceMs ?? nowMs;
  const state = { ...before, events: withEvents({ ...before.events, sinceMs }, told) };
  if (frozen) {
    const isShown = (container: Container) => isListed(state.containers, fleet, scope, container);
    return { ...state, fleet, frozen: withWaiting(frozen, fleet, delta, isShown) };
  }
  const hasRows = delta.isWhole || delta.containers.size > 0;
  const containers = hasRows
    ? applyDelta(state.containers, delta, { before: before.fleet, fleet, scope, nowMs })
    : state.containers;
  const mayDiffer = delta.hasEnvironments || state.environments.problemsOnly;
  const environments = mayDiffer
    ? rebuildEnvironments(state.environments, fleet)
    : state.environments;
  return { ...state, fleet, containers, environments };
}

/** The step of a change of the connection; coming back after a loss is said. */
export function onConnection(state: AppState, connection: Connection): Step {
  const isBack = connection.kind === 'live' && state.connection.kind === 'lost';
  const isLost = connection.kind === 'lost' && state.connection.kind === 'live';
  const next = withSignIn({ ...state, connection });
  if (isBack) return stay(said(next, 'info', 'Connected again.'));
  return stay(isLost ? kept(next, 'warning', `Connection lost: ${connection.reason}`) : next);
}

/** The step of the passing of time. */
export function onTick(
  state: AppState,
  { clockSetMs }: { readonly clockSetMs?: number } = {},
): Step {
  const aheadMs = clockSetMs === undefined ? undefined : clockSetMs - state.clockSetMs;
  const messages = ageMessages(state.messages, state.nowMs);
  const aged = { ...state, messages, clockSetMs: clockSetMs ?? state.clockSetMs };
  return WHEN_DUE.reduce(
    (step: Step, ask) => {
      const next = ask(step.state);
      return { state: next.state, effects: [...step.effects, ...next.effects] };
    },
    passWall(withoutShown(resorted(withOwedFilter(aged))), aheadMs),
  );
}

/** What asks the world again by itself when its time has come. */
const WHEN_DUE = [
  beginDueJobs,
  resumeLogs,
  askLinkWhenDue,
  askInspectWhenDue,
  askInfoWhenDue,
  askFiguresWhenDue,
  askMetricsWhenDue,
  askProcessesWhenDue,
  askAuditWhenDue,
];

function resorted(state: AppState): AppState {
  if (state.frozen || !mayResort(state.containers, state.nowMs)) return state;
  const list = rebuildList(state.containers, shownFleet(state), state.scope, state.nowMs);
  return { ...state, containers: list };
}
