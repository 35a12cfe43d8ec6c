/** The shape of the tables that say what each intent and each event from outside leads to; every subject brings its rows. */
import type { Intent, OutsideEvent } from '../model/event.ts';
import type { AppState, Step } from '../model/state.ts';

/** A row for each of these kinds of intent. */
export type IntentSteps<Kind extends Intent['kind']> = {
  readonly [K in Kind]: (state: AppState, intent: Extract<Intent, { kind: K }>) => Step;
};

/** A row for each of these kinds of outside event; one that no longer fits the state leads to nothing. */
export type OutsideSteps<Kind extends OutsideEvent['kind']> = {
  readonly [K in Kind]: (state: AppState, event: Extract<OutsideEvent, { kind: K }>) => Step;
};
