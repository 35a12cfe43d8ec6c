/** Every change a person can ask for, as data that a dialog can carry and an effect can run. */
import type { Container } from './container.ts';
import type { Action } from './permission.ts';

export const CONTAINER_ACTIONS = [
  'start',
  'stop',
  'restart',
  'kill',
  'pause',
  'unpause',
  'remove',
] as const;

export type ContainerAction = (typeof CONTAINER_ACTIONS)[number];

/** What an account must be allowed for it. */
export function needOf(action: ContainerAction | 'recreate'): Action {
  if (action === 'recreate') return 'create';
  return action === 'remove' ? 'destroy' : 'lifecycle';
}

export interface ContainerOperation {
  /** Unique in this console; progress and outcome name it. */
  readonly operationId: string;
  readonly action: ContainerAction;
  readonly environmentId: number;
  readonly containerId: string;
  /** What the person saw when asking; for sentences only. */
  readonly containerName: string;
}

/** Why `action` makes no sense for a container in this state, as a clause; undefined when it does. */
export function whyNotNow(action: ContainerAction, container: Container): string | undefined {
  const running = container.state === 'running' || container.state === 'restarting';
  switch (action) {
    case 'start':
      return running || container.state === 'paused' ? `it is ${container.state}` : undefined;
    case 'stop':
    case 'kill':
      return running || container.state === 'paused' ? undefined : `it is ${container.state}`;
    case 'pause':
      return container.state === 'running' ? undefined : `it is ${container.state}`;
    case 'unpause':
      return container.state === 'paused' ? undefined : `it is ${container.state}`;
    case 'restart':
    case 'remove':
      return container.state === 'removing' ? 'it is being removed' : undefined;
  }
}
