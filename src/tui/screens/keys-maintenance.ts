/** The key of maintenance, in the list of environments and on the wall. */
import type { Environment } from '../../protocol/environment.ts';
import { formatThings } from '../format/amounts.ts';
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { environmentName, maintenanceNow } from '../model/live-fleet.ts';
import { whyLocked } from '../model/locks.ts';
import { maintenanceForm } from '../model/maintenance-form.ts';
import { whyNotOf } from '../model/rights.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { WITHOUT_SERVER } from './keys-environments.ts';

function maintain(state: AppState, environments: readonly Environment[]): Intent | string {
  if (state.serverUrl === undefined) return WITHOUT_SERVER;
  const whys = environments.map(
    ({ id }) => whyLocked(state, id) ?? whyNotOf(state, id, 'lifecycle'),
  );
  const allowed = environments.filter((_, at) => whys[at] === undefined);
  const [first] = allowed;
  if (!first) return whys.find((why) => why !== undefined) ?? 'no environment is selected';
  const fleet = shownFleet(state);
  const isWorkedOn = (one: Environment) => maintenanceNow(fleet, one, state.nowMs) !== undefined;
  const worked = allowed.filter(isWorkedOn);
  if (worked.length === allowed.length)
    return { kind: 'ask-end-maintenance', ids: worked.map(({ id }) => id) };
  const free = allowed.filter((one) => !isWorkedOn(one));
  const [only] = free;
  const what =
    free.length === 1 && only
      ? environmentName(fleet, only.id)
      : formatThings(free.length, 'environment');
  return {
    kind: 'open-form',
    form: maintenanceForm(
      free.map(({ id }) => id),
      what,
    ),
  };
}

/** The key over the environments that a screen is about; it ends the maintenance where all of them are worked on. */
export function maintenanceKey(about: (state: AppState) => readonly Environment[]): Binding {
  return {
    action: 'maintenance',
    keys: ['='],
    label: 'maintenance: say for how long you work on it, and why; again ends it',
    group: 'list',
    needs: 'lifecycle',
    mayChange: true,
    press: (state) => maintain(state, about(state)),
  };
}
