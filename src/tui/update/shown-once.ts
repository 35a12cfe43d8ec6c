/** Leaving what is told only this once: a question first, unless it was copied. */
import { openedDialog } from '../model/dialog.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { closeScreen } from './stack.ts';

/** The step of leaving it; `question` says what is lost. */
export function leaveShownOnce(
  state: AppState,
  { isCopied }: { readonly isCopied: boolean },
  question: { readonly title: string; readonly lead: string },
): Step {
  if (isCopied) return stay(closeScreen(state));
  const asked = { ...question, okLabel: 'Leave', onOk: { kind: 'close' } } as const;
  return stay({ ...state, dialog: openedDialog(asked, state.nowMs) });
}
