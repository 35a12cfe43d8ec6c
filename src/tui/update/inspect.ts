/** The description of a container: opened with what the feed knows, completed when the engine answers. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import type { Delta } from '../model/fold-feed.ts';
import { containerAt } from '../model/live-fleet.ts';
import type { DescribeScreen } from '../model/screen.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

function openDescription(state: AppState): DescribeScreen | undefined {
  return state.screens.find((screen) => screen.kind === 'describe');
}

/** The step of opening a description. */
export function onInspectWanted(state: AppState, key: ContainerKey): Step {
  const requestId = state.nextId;
  const screen: DescribeScreen = {
    kind: 'describe',
    key,
    requestId,
    top: 0,
    answer: { kind: 'loading' },
    events: [],
  };
  return {
    state: { ...openScreen(state, screen), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-inspect', requestId, key }],
  };
}

/** The step of an answer; one to an older request is dropped. */
export function onInspected(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'inspected' }>,
): Step {
  const screen = openDescription(state);
  if (screen?.requestId !== event.requestId) return stay(state);
  const answer: DescribeScreen['answer'] =
    'why' in event.answer
      ? { kind: 'failed', why: event.answer.why }
      : { kind: 'ready', inspection: event.answer, atMs: event.atMs };
  return stay(replaceScreen(state, screen, { ...screen, answer }));
}

/** The step of what the engine remembers of the container; to an older request it is dropped. */
export function onPastRead(
  state: AppState,
  { requestId, events }: Extract<OutsideEvent, { kind: 'past-read' }>,
): Step {
  const screen = openDescription(state);
  if (screen?.requestId !== requestId) return stay(state);
  return stay(replaceScreen(state, screen, { ...screen, events }));
}

/** Asks again when the feed said that the described container changed; the old answer is shown until then. */
export function refreshDescription(state: AppState, delta: Delta): Step {
  const screen = openDescription(state);
  if (!screen || !(delta.isWhole || delta.containers.has(screen.key))) return stay(state);
  return askAgain(state, screen);
}

/** Asks again because somebody wants to see what is there now; nothing happens on any other view. */
export function inspectAgain(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'describe' ? askAgain(state, screen) : stay(state);
}

function askAgain(state: AppState, screen: DescribeScreen): Step {
  if (!containerAt(state.fleet, screen.key)) return stay(state);
  const requestId = state.nextId;
  return {
    state: { ...replaceScreen(state, screen, { ...screen, requestId }), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-inspect', requestId, key: screen.key }],
  };
}
