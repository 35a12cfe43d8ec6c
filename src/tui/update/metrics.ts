/** The metrics view: its history is asked for once, then a sample every few seconds while it lies on top. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import {
  freshMetrics,
  METRICS_REFRESH_MS,
  type MetricsScreen,
  withMetrics,
} from '../model/metrics-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening the view; one that lies open for the same container is uncovered. */
export function openMetrics(state: AppState, key: ContainerKey): Step {
  const open = state.screens.find((screen) => screen.kind === 'metrics');
  const screen = open?.key === key ? open : freshMetrics(key);
  return ask(openScreen(state, screen), screen);
}

/** Asks anew, the history too, for the view on top. */
export function refreshMetrics(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'metrics') return stay(state);
  const anew = { ...screen, hasHistory: false };
  return ask(replaceScreen(state, screen, anew), anew);
}

/** When the view on top wants to be asked for again; undefined when it does not. */
export function nextMetricsMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'metrics' || screen.isAsking) return undefined;
  return screen.askedAtMs + METRICS_REFRESH_MS;
}

/** Asks again when it is time. */
export function askMetricsWhenDue(state: AppState): Step {
  const dueMs = nextMetricsMs(state);
  const screen = topScreen(state);
  if (screen.kind !== 'metrics' || dueMs === undefined || state.nowMs < dueMs) return stay(state);
  return ask(state, screen);
}

function ask(state: AppState, screen: MetricsScreen): Step {
  const requestId = state.nextId;
  const next: MetricsScreen = { ...screen, requestId, isAsking: true, askedAtMs: state.nowMs };
  const { key, hasHistory } = screen;
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-metrics', requestId, key, withHistory: !hasHistory }],
  };
}

/** The step of an answer; one to an older question is dropped. After a failure what is known stays. */
export function onMetrics(
  state: AppState,
  { requestId, answer }: Extract<OutsideEvent, { kind: 'metrics' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'metrics');
  if (screen?.requestId !== requestId) return stay(state);
  const next =
    'why' in answer ? { ...screen, isAsking: false, why: answer.why } : withMetrics(screen, answer);
  return stay(replaceScreen(state, screen, next));
}
