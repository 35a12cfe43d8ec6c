/** The history of one object: its engine and the server are asked when it is opened and by f5, the rest is in the state. */
import type { Intent, OutsideEvent } from '../model/event.ts';
import type { FleetEvent } from '../model/fleet-event.ts';
import { freshHistory, type HistoryScreen, type Memory } from '../model/history-view.ts';
import { containerAt, environmentName } from '../model/live-fleet.ts';
import { whyNoAdministrator } from '../model/rights.ts';
import { type AppState, type Step, shownFleet, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening it. */
export function openHistory(
  state: AppState,
  { environmentId, containerId }: Extract<Intent, { kind: 'open-history' }>,
): Step {
  const fleet = shownFleet(state);
  const name =
    containerId === undefined
      ? environmentName(fleet, environmentId)
      : (containerAt(fleet, `${environmentId}/${containerId}`)?.name ?? containerId.slice(0, 12));
  const screen = freshHistory({ environmentId, containerId, name });
  return ask(openScreen(state, screen), screen);
}

/** Asks anew for the history on top. */
export function refreshHistory(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'history' ? ask(state, screen) : stay(state);
}

/** What was told before stays until the new answer is there. */
const asked = (memory: Memory): Memory => (memory.kind === 'told' ? memory : { kind: 'asked' });

function ask(state: AppState, screen: HistoryScreen): Step {
  const requestId = state.nextId;
  const { environmentId, containerId, name, engine, server } = screen;
  const hasTrail = state.serverUrl !== undefined && whyNoAdministrator(state) === undefined;
  const next: HistoryScreen = {
    ...screen,
    requestId,
    engine: asked(engine),
    server: hasTrail ? asked(server) : { kind: 'none' },
  };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-history', requestId, environmentId, containerId, name, hasTrail }],
  };
}

/** How far the server's clock is from ours is known; an engine's is not. */
function byOurClock(
  { fleet }: AppState,
  part: 'engine' | 'server',
  events: readonly FleetEvent[],
): readonly FleetEvent[] {
  if (part === 'engine') return events;
  return events.map((event) => ({ ...event, atMs: event.atMs + fleet.clockOffsetMs }));
}

/** The step of an answer; one to an older request is dropped. */
export function onHistoryTold(
  state: AppState,
  { requestId, part, answer, atMs }: Extract<OutsideEvent, { kind: 'history-told' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'history');
  if (screen?.requestId !== requestId) return stay(state);
  const memory: Memory =
    'why' in answer
      ? { kind: 'failed', why: answer.why }
      : { kind: 'told', events: byOurClock(state, part, answer.events), atMs };
  return stay(replaceScreen(state, screen, { ...screen, [part]: memory }));
}
