/** What a container logged before its last start: Docker keeps one log over restarts, so the view ends where that run did. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import { freshLogs, type LogsScreen } from '../model/log-view.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening it: when the last start was is asked first, the lines are read once that is known. */
export function openPreviousRun(state: AppState, key: ContainerKey): Step {
  const viewId = state.nextId;
  const screen = freshLogs(viewId, key, { kind: 'before', toMs: undefined });
  return {
    state: { ...openScreen(state, screen), nextId: viewId + 1 },
    effects: [{ kind: 'find-last-start', viewId, key }],
  };
}

/** The step of the answer when the last start was. */
export function onLastStart(
  state: AppState,
  { viewId, answer }: Extract<OutsideEvent, { kind: 'last-start' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'logs');
  if (screen?.viewId !== viewId) return stay(state);
  const next: LogsScreen =
    'why' in answer
      ? { ...screen, stream: { kind: 'failed', why: answer.why, mayRetry: false } }
      : {
          ...screen,
          stream: { kind: 'done', isCut: false },
          range: { kind: 'before', toMs: answer.beforeMs },
        };
  return stay(replaceScreen(state, screen, next));
}
