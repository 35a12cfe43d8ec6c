/** What a key means now, with what may be changed at all taken into account: what is off there is off everywhere. */
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { WHY_READ_ONLY, whyLocked } from '../model/locks.ts';
import { whyNotAllowed } from '../model/rights.ts';
import type { AppState } from '../model/state.ts';
import { subject, targets } from '../model/subject.ts';

/** Whether a binding or a command may lead to a change of a host or of the fleet. */
function isChanging(binding: Pick<Binding, 'mayChange'> | Binding | Command): boolean {
  return binding.mayChange === true || ('group' in binding && binding.group === 'change');
}

/** The intent a key means now or, as a clause, why it means nothing now. */
export function pressOf(state: AppState, binding: Binding): Intent | string {
  if (state.settings.isReadOnly && isChanging(binding)) return WHY_READ_ONLY;
  const why = binding.needs && whyNotAllowed(state, binding.needs);
  return why ?? binding.press(state);
}

/** Whether menus and help leave it out: nothing here may be changed, or the account may not do it anywhere here. */
export function absence(state: AppState): (one: Binding | Command) => boolean {
  const isLocked = isAllLocked(state);
  return (one) => (isLocked && isChanging(one)) || isRefused(state, one);
}

/** Whether the account may not do it in any environment that keys are about now. */
export function isRefused(state: AppState, { needs }: Binding | Command): boolean {
  return needs !== undefined && whyNotAllowed(state, needs) !== undefined;
}

/** Whether nothing may be changed: in a read-only console, and where all that keys are about is locked. */
function isAllLocked(state: AppState): boolean {
  if (state.settings.isReadOnly) return true;
  if (state.settings.locked.length === 0 || !subject(state)) return false;
  for (const { environmentId } of targets(state)) {
    if (whyLocked(state, environmentId) === undefined) return false;
  }
  return true;
}
