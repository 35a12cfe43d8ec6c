/** The keys that go inside a container: its shell, or its own terminal. */
import type { Container } from '../../protocol/container.ts';
import { containerKey } from '../../protocol/container-key.ts';
import type { Action } from '../../protocol/permission.ts';
import type { Binding, Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { environmentName, isStale } from '../model/live-fleet.ts';
import { whyLocked } from '../model/locks.ts';
import { whyNotIn } from '../model/rights.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { subject, targets } from '../model/subject.ts';

/** Why nothing can be run in this container now, as a clause; undefined when it can. */
export function whyNotInside(
  state: AppState,
  container: Container,
  action: Action = 'exec',
): string | undefined {
  const forbidden = whyNotIn(state, container.environmentId, action);
  if (forbidden !== undefined) return forbidden;
  const locked = whyLocked(state, container.environmentId);
  if (locked !== undefined) return locked;
  const fleet = shownFleet(state);
  if (isStale(fleet, container.environmentId)) {
    return `${environmentName(fleet, container.environmentId)} does not answer`;
  }
  if (container.state === 'running') return undefined;
  return container.state === 'paused'
    ? 'it is paused; ctrl-p resumes it'
    : `it is ${container.state}, not running`;
}

function enter(kind: 'open-shell' | 'attach') {
  return (state: AppState): Intent | string => {
    const container = subject(state);
    if (!container) return 'no container is selected';
    return whyNotInside(state, container) ?? { kind, key: containerKey(container) };
  };
}

function sentence(read: Intent | string): Intent | string {
  return typeof read === 'string' ? `That can't be done: ${read}.` : read;
}

export const GUEST_KEYS: readonly Binding[] = [
  {
    action: 'shell',
    keys: ['s'],
    label: 'a shell in the container; exit, or ctrl-] then q, comes back',
    hint: 'shell',
    group: 'look',
    needs: 'exec',
    mayChange: true,
    press: enter('open-shell'),
  },
  {
    action: 'attach',
    keys: ['a'],
    label: 'attach to what the container runs; ctrl-] then q comes back',
    group: 'look',
    needs: 'exec',
    mayChange: true,
    press: enter('attach'),
  },
];

export const GUEST_COMMANDS: readonly Command[] = [
  {
    names: ['shell'],
    label: 'a shell in the selected container',
    mayChange: true,
    needs: 'exec',
    run: (state) => sentence(enter('open-shell')(state)),
  },
  {
    names: ['attach'],
    label: 'attach to what the selected container runs',
    mayChange: true,
    needs: 'exec',
    run: (state) => sentence(enter('attach')(state)),
  },
  {
    names: ['exec'],
    isPrivate: true,
    argument: 'COMMAND',
    label:
      'run a command in the marked containers, or the selected one; without it the last results',
    mayChange: true,
    needs: 'exec',
    run: runExec,
  },
];

function runExec(state: AppState, command: string): Intent | string {
  if (command === '') {
    return state.exec ? { kind: 'open-exec' } : ':exec needs a command, for example :exec df -h /.';
  }
  let why: string | undefined;
  for (const container of targets(state)) {
    const whyNot = whyNotInside(state, container);
    if (whyNot === undefined) return { kind: 'ask-exec', command };
    why ??= `${container.name}: ${whyNot}`;
  }
  return why === undefined ? 'No container is selected.' : `Nothing to run it in: ${why}.`;
}
