/**
 * A question over the screen. It carries what it will send, finished: the selection may move underneath, the answer
 * still means what was asked. Keys in its first moments are dropped, since they were typed for what lay there before.
 */
import type { Intent } from './event.ts';

/** Keys typed within this time of its appearance cannot answer a dialog. */
export const DEAF_FOR_MS = 300;

/** `yes`: y answers. `button`: the button must be focused. `phrase`: the phrase must be typed first. */
export type ConfirmLevel = 'yes' | 'button' | 'phrase';

export interface PlanGroup {
  readonly heading: string;
  readonly items: readonly string[];
}

export interface Dialog {
  readonly title: string;
  /** A sentence that says what will happen; empty when the title says it all. */
  readonly lead: string;
  /** To what it will happen, environment by environment; empty for a plain question. */
  readonly groups: readonly PlanGroup[];
  /** Sentences under the plan: what is left out and why. */
  readonly remarks: readonly string[];
  readonly level: ConfirmLevel;
  readonly okLabel: string;
  /** The words to type at level `phrase`; else empty. */
  readonly phrase: string;
  readonly typed: string;
  readonly focus: 'cancel' | 'ok';
  readonly openedAtMs: number;
  readonly onOk: Intent;
}

/** Whether the dialog's OK would be accepted by pressing enter on it. */
export function isUnlocked(dialog: Dialog): boolean {
  return dialog.level !== 'phrase' || dialog.typed === dialog.phrase;
}
