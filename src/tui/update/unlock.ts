/** Opening locked environments for a time, and locking them again: told in `@`, and to the server where there is one. */
import { formatAge } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { Intent } from '../model/event.ts';
import { environmentName } from '../model/live-fleet.ts';
import { openUnlocks } from '../model/locks.ts';
import { type AppState, type Step, shownFleet, stay } from '../model/state.ts';
import type { Unlock } from '../model/unlock.ts';
import { said, say } from './say.ts';

const KEPT = 50;
const NAMED = 3;

/** The step of an unlock, which begins now. */
export function unlock(state: AppState, intent: Extract<Intent, { kind: 'unlock' }>): Step {
  const { words, environmentIds, forMs, reason } = intent;
  const one: Unlock = {
    words,
    environmentIds: new Set(environmentIds),
    reason,
    fromMs: state.nowMs,
    untilMs: state.nowMs + forMs,
  };
  const told = `Unlocked for ${formatAge(forMs)}: ${namesOf(state, environmentIds)}. Reason: ${printable(reason)}`;
  const next = said({ ...state, unlocks: [...state.unlocks, one].slice(-KEPT) }, 'warning', told);
  return { state: next, effects: [{ kind: 'note-unlock', environmentIds, forMs, reason }] };
}

function namesOf(state: AppState, ids: readonly number[]): string {
  const named = ids.slice(0, NAMED).map((id) => environmentName(shownFleet(state), id));
  const more = ids.length - named.length;
  return printable(named.join(', ')) + (more > 0 ? ` and ${more} more` : '');
}

/** The step of locking everything again. */
export function lock(state: AppState): Step {
  if (openUnlocks(state).length === 0) return say(state, 'info', 'Nothing is unlocked.');
  return stay(said({ ...state, unlocks: [] }, 'info', 'Locked again.'));
}
