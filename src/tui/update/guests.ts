/** Going into a container and coming back: the effect that lends the terminal, and the words when it is over. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { OutsideEvent } from '../model/event.ts';
import type { AppState, Step } from '../model/state.ts';
import { fullName } from '../screens/titles.ts';
import { say } from './say.ts';

/** The step of asking for a shell in a container, or for its own terminal. */
export function enterContainer(
  state: AppState,
  kind: 'open-shell' | 'attach',
  key: ContainerKey,
): Step {
  return { state, effects: [{ kind, key, name: fullName(state, key) }] };
}

/** The step of being back. */
export function onShellEnded(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'shell-ended' }>,
): Step {
  const { name, what, outcome } = event;
  switch (outcome.kind) {
    case 'failed':
      return say(state, 'error', outcome.why);
    case 'left':
      return what === 'shell'
        ? say(state, 'info', `Left the shell in ${name}; it was told to end.`)
        : say(state, 'info', `Left ${name}; it goes on.`);
    case 'ended':
      return what === 'shell'
        ? say(state, 'info', shellWords(name, outcome.status))
        : say(state, 'info', attachWords(name, outcome.status));
  }
}

function shellWords(name: string, status: number | null): string {
  if (status === null) return `The shell in ${name} ended; its status is not known.`;
  return `The shell in ${name} ended with status ${status}.`;
}

function attachWords(name: string, status: number | null): string {
  return status === null ? `Detached from ${name}.` : `${name} ended with status ${status}.`;
}
