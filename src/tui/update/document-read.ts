/** Which view an inspect answer belongs to. */
import type { OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { onDiffRead } from './diff.ts';
import { onInspectRead } from './inspect-view.ts';

/** The step of an answer; one to a question of a view that is gone is dropped. */
export function onDocumentRead(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'document-read' }>,
): Step {
  const { requestId } = event;
  for (const screen of state.screens) {
    if (screen.kind === 'inspect' && screen.requestId === requestId) {
      return onInspectRead(state, screen, event);
    }
    if (screen.kind !== 'diff') continue;
    if ([screen.left.requestId, screen.right.requestId].includes(requestId)) {
      return onDiffRead(state, screen, event);
    }
  }
  return stay(state);
}
