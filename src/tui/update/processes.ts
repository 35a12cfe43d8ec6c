/** The view of a container's processes: asked for at once, and every few seconds while it lies on top. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import {
  freshProcesses,
  PROCESSES_REFRESH_MS,
  type ProcessesScreen,
  type ProcessSort,
  shownProcesses,
} from '../model/processes-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening the view; one that lies open for the same container is uncovered. */
export function openProcesses(state: AppState, key: ContainerKey): Step {
  const open = state.screens.find((screen) => screen.kind === 'processes');
  const screen = open?.key === key ? open : freshProcesses(key);
  return ask(openScreen(state, screen), screen);
}

/** Asks anew for the view on top. */
export function refreshProcesses(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'processes' ? ask(state, screen) : stay(state);
}

/** When the view on top wants to be asked for again; undefined when it does not. */
export function nextProcessesMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'processes' || screen.isAsking) return undefined;
  return screen.askedAtMs + PROCESSES_REFRESH_MS;
}

/** Asks again when it is time. */
export function askProcessesWhenDue(state: AppState): Step {
  const dueMs = nextProcessesMs(state);
  return dueMs !== undefined && state.nowMs >= dueMs ? refreshProcesses(state) : stay(state);
}

function ask(state: AppState, screen: ProcessesScreen): Step {
  const requestId = state.nextId;
  const next: ProcessesScreen = { ...screen, requestId, isAsking: true, askedAtMs: state.nowMs };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-processes', requestId, key: screen.key }],
  };
}

/** The step of an answer; one to an older question is dropped. After a failure the last good answer stays. */
export function onProcesses(
  state: AppState,
  { requestId, answer, atMs }: Extract<OutsideEvent, { kind: 'processes' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'processes');
  if (screen?.requestId !== requestId) return stay(state);
  const news: Partial<ProcessesScreen> =
    'why' in answer
      ? { why: answer.why }
      : { processes: answer.processes, readAtMs: atMs, why: undefined };
  return stay(replaceScreen(state, screen, { ...screen, ...news, isAsking: false }));
}

/** The view sorted by a key; by the same key again, the other way round. */
export function sortProcesses(state: AppState, by: ProcessSort): AppState {
  const screen = topScreen(state);
  if (screen.kind !== 'processes') return state;
  const isReversed = screen.sort === by && !screen.isReversed;
  return replaceScreen(state, screen, { ...screen, sort: by, isReversed, top: 0 });
}

/** The view with another filter. */
export function filterProcesses(
  state: AppState,
  screen: ProcessesScreen,
  filterText: string,
): AppState {
  return replaceScreen(state, screen, { ...screen, filterText, top: 0 });
}

/** The view after a movement by so many rows, in an area with room for so many. */
export function moveProcesses(screen: ProcessesScreen, by: number, room: number): ProcessesScreen {
  const lowest = Math.max(0, shownProcesses(screen).length - room);
  return { ...screen, top: Math.max(0, Math.min(lowest, screen.top + by)) };
}
