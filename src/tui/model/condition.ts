/** How well a container is by its own words; whether we can still believe them is its environment's matter. */
import type { Container } from '../../protocol/container.ts';

/** `off` is stopped as it should be; `changing` is neither well nor ill yet (paused, being removed, checks starting). */
export type Condition = 'problem' | 'changing' | 'ok' | 'off';

/** The condition of a container; exited with anything but 0 counts as a problem. */
export function conditionOf(container: Container): Condition {
  switch (container.state) {
    case 'running':
      if (container.health === 'unhealthy') return 'problem';
      return container.health === 'starting' ? 'changing' : 'ok';
    case 'restarting':
    case 'dead':
      return 'problem';
    case 'paused':
    case 'removing':
      return 'changing';
    case 'exited':
      return (container.exitCode ?? 0) === 0 ? 'off' : 'problem';
    case 'created':
      return 'off';
  }
}

/** Whether a container belongs on a list of problems. */
export function isProblem(container: Container): boolean {
  return conditionOf(container) === 'problem';
}

/** The state in the words a person filters by: `running healthy`, `exited 137`. */
export function stateWords(container: Container): string {
  if (container.state === 'exited') return `exited ${container.exitCode ?? 0}`;
  return container.health === 'none' ? container.state : `${container.state} ${container.health}`;
}

/** When the present state began as far as Docker says: start of the run, end of the last one, or creation. */
export function sinceMs(container: Container): number {
  return container.startedAtMs ?? container.finishedAtMs ?? container.createdAtMs;
}

/** The compose project or swarm stack that a container belongs to; undefined for a lone one. */
export function projectOf(container: Container): string | undefined {
  const { labels } = container;
  return labels['com.docker.compose.project'] ?? labels['com.docker.stack.namespace'];
}
