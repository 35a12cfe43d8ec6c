/** The keys that change a host. All of them are ctrl-chords (or Delete), and every one asks before it does anything. */
import type { Container } from '../../protocol/container.ts';
import { type ContainerAction, needOf, whyNotNow } from '../../protocol/operation.ts';
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { environmentName, isStale } from '../model/live-fleet.ts';
import { whyLocked } from '../model/locks.ts';
import { whyNotIn } from '../model/rights.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { targets } from '../model/subject.ts';

/** Why this container can't be changed this way now, as a clause; undefined when it can. */
export function whyNotTarget(
  state: AppState,
  action: ContainerAction,
  container: Container,
): string | undefined {
  const forbidden = whyNotIn(state, container.environmentId, needOf(action));
  if (forbidden !== undefined) return forbidden;
  const locked = whyLocked(state, container.environmentId);
  if (locked !== undefined) return locked;
  const pending = state.pending.get(`${container.environmentId}/${container.id}`);
  if (pending) return 'an operation on it is under way';
  if (isStale(shownFleet(state), container.environmentId)) {
    return `${environmentName(shownFleet(state), container.environmentId)} does not answer`;
  }
  return whyNotNow(action, container);
}

function ask(state: AppState, action: ContainerAction): Intent | string {
  let why: string | undefined;
  let count = 0;
  for (const container of targets(state)) {
    const whyNot = whyNotTarget(state, action, container);
    if (whyNot === undefined) return { kind: 'ask', action };
    why ??= whyNot;
    count++;
  }
  if (why === undefined) return 'no container is selected';
  return count === 1 ? why : `none of the ${count} can: ${why}`;
}

/** The first action when it suits any target, else the second: what a toggling key means for several at once. */
function toggle(state: AppState, on: ContainerAction, off: ContainerAction): ContainerAction {
  for (const container of targets(state)) {
    if (whyNotNow(on, container) === undefined) return on;
  }
  return off;
}

export const CHANGE_KEYS: readonly Binding[] = [
  {
    action: 'restart',
    keys: ['ctrl-r'],
    label: 'restart',
    hint: 'restart',
    group: 'change',
    needs: 'lifecycle',
    press: (state) => ask(state, 'restart'),
  },
  {
    action: 'stop-start',
    keys: ['ctrl-t'],
    label: 'stop, or start what is stopped',
    hint: 'stop/start',
    group: 'change',
    needs: 'lifecycle',
    press: (state) => ask(state, toggle(state, 'stop', 'start')),
  },
  {
    action: 'pause',
    keys: ['ctrl-p'],
    label: 'pause, or resume what is paused',
    group: 'change',
    needs: 'lifecycle',
    press: (state) => ask(state, toggle(state, 'pause', 'unpause')),
  },
  {
    action: 'kill',
    keys: ['ctrl-k'],
    label: 'kill',
    group: 'change',
    needs: 'lifecycle',
    press: (state) => ask(state, 'kill'),
  },
  {
    action: 'remove',
    keys: ['ctrl-x', 'delete'],
    label: 'remove',
    group: 'change',
    needs: 'destroy',
    press: (state) => ask(state, 'remove'),
  },
];
