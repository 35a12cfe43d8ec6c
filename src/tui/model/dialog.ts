/**
 * A question over the screen. It carries what it will send, finished: the selection may move underneath, the answer
 * still means what was asked. Keys in its first moments are dropped, since they were typed for what lay there before.
 */
import type { Intent } from './event.ts';
import { HOLD_MS, type RunHow } from './job.ts';
import { WIDTHS } from './rollout.ts';
import { INVERSES } from './undo.ts';

/** Keys typed within this time of its appearance cannot answer a dialog. */
export const DEAF_FOR_MS = 300;

/** `yes`: y answers. `button`: the button must be focused. `phrase`: the phrase must be typed first. */
export type ConfirmLevel = 'yes' | 'button' | 'phrase';

/** What a person may choose about how a plan is run. */
export type ChoiceName = 'width' | 'failure' | 'begin';

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
  readonly focus: 'cancel' | 'ok' | ChoiceName;
  /** The first line of the plan that is shown when it is longer than its room; 0 when absent. */
  readonly planTop?: number;
  readonly openedAtMs: number;
  readonly onOk: Intent;
}

type Asked = 'title' | 'okLabel' | 'onOk';
type Told = 'lead' | 'groups' | 'remarks' | 'level' | 'phrase';

/** A question as it opens: the focus on Cancel, and answered by y where no other level is told. */
export function openedDialog(
  question: Pick<Dialog, Asked> & Partial<Pick<Dialog, Told>>,
  nowMs: number,
): Dialog {
  return {
    ...{ lead: '', groups: [], remarks: [], level: 'yes', phrase: '', typed: '' },
    focus: 'cancel',
    openedAtMs: nowMs,
    ...question,
  };
}

/** How many lines the plan of a dialog has: one for each heading, one for each item. */
export function planLength({ groups }: Dialog): number {
  return groups.reduce((sum, { items }) => sum + 1 + items.length, 0);
}

/** Whether the dialog's OK would be accepted by pressing enter on it. */
export function isUnlocked(dialog: Dialog): boolean {
  return dialog.level !== 'phrase' || dialog.typed === dialog.phrase;
}

export interface Choice {
  readonly name: ChoiceName;
  readonly label: string;
  readonly options: readonly { readonly label: string; readonly how: Partial<RunHow> }[];
}

const WIDTH: Choice = {
  name: 'width',
  label: 'at a time',
  options: WIDTHS.map((width) => ({ label: String(width), how: { width } })),
};
const FAILURE: Choice = {
  name: 'failure',
  label: 'on failure',
  options: [
    { label: 'go on', how: { stopOnFailure: false } },
    { label: 'stop', how: { stopOnFailure: true } },
  ],
};
const BEGIN: Choice = {
  name: 'begin',
  label: 'begin',
  options: [
    { label: `in ${HOLD_MS / 1_000}s, u calls it back`, how: { holdMs: HOLD_MS } },
    { label: 'at once', how: { holdMs: 0 } },
  ],
};

/** What the dialog lets a person choose: how many at a time where there are several, when to begin where nothing can be undone. */
export function choicesOf({ onOk }: Dialog): readonly Choice[] {
  if (onOk.kind !== 'run') return [];
  const mayHold = onOk.action === 'recreate' ? false : INVERSES[onOk.action] === undefined;
  return [...(onOk.planned.length > 1 ? [WIDTH, FAILURE] : []), ...(mayHold ? [BEGIN] : [])];
}

/** Which option of a choice holds now. */
export function chosenAt({ options }: Choice, how: RunHow): number {
  return options.findIndex((option) =>
    Object.entries(option.how).every(([name, value]) => how[name as keyof RunHow] === value),
  );
}
