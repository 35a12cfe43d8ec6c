/** The view of the console itself: asked for when it is opened, and every two seconds while it is on top. */
import type { OutsideEvent } from '../model/event.ts';
import { INFO_REFRESH_MS, type InfoScreen } from '../model/info-view.ts';
import { type AppState, type Step, shownFleet, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening it. */
export function openInfo(state: AppState): Step {
  const screen: InfoScreen = {
    ...{ kind: 'info', requestId: 0, isAsking: false, facts: undefined, top: 0 },
    askedAtMs: Number.NEGATIVE_INFINITY,
  };
  return topScreen(state).kind === 'info' ? stay(state) : ask(openScreen(state, screen), screen);
}

function ask(state: AppState, screen: InfoScreen): Step {
  const requestId = state.nextId;
  const next: InfoScreen = { ...screen, requestId, isAsking: true, askedAtMs: state.nowMs };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-info', requestId, agentsOf: agentsOf(state) }],
  };
}

/** A question for each of a thousand agents would be a burden for their server. */
const MOST_ASKED = 20;

function agentsOf(state: AppState): readonly number[] {
  if (state.serverUrl === undefined) return [];
  const all = [...shownFleet(state).environments.values()];
  const behind = all.filter(
    ({ kind, connection }) => connection === 'up' && (kind === 'agent' || kind === 'edge-agent'),
  );
  return behind.slice(0, MOST_ASKED).map(({ id }) => id);
}

/** When the view on top wants to be asked for again; undefined when it does not. */
export function nextInfoMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'info' || screen.isAsking) return undefined;
  return screen.askedAtMs + INFO_REFRESH_MS;
}

/** Asks again when it is time. */
export function askInfoWhenDue(state: AppState): Step {
  const screen = topScreen(state);
  const dueMs = nextInfoMs(state);
  if (screen.kind !== 'info' || dueMs === undefined || state.nowMs < dueMs) return stay(state);
  return ask(state, screen);
}

/** The step of an answer; one to an older question is dropped. */
export function onInfoRead(
  state: AppState,
  { requestId, facts }: Extract<OutsideEvent, { kind: 'info-read' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'info');
  if (screen?.requestId !== requestId) return stay(state);
  return stay(replaceScreen(state, screen, { ...screen, facts, isAsking: false }));
}
