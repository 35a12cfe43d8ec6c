/** Sends a form off. */
import type { Effect } from '../model/event.ts';
import type { FormScreen } from '../model/form.ts';
import type { AppState, Step } from '../model/state.ts';
import { replaceTop } from './stack.ts';

/** The step of sending the form on top: what is wrong with it is no longer said, and its request is under way. */
export function sendForm(
  state: AppState,
  screen: FormScreen,
  effectOf: (requestId: number) => Effect,
): Step {
  const requestId = state.nextId;
  const sending: FormScreen = { ...screen, sending: requestId, problem: undefined };
  return {
    state: { ...replaceTop(state, sending), nextId: requestId + 1 },
    effects: [effectOf(requestId)],
  };
}
