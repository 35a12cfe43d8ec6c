/** What is wrong with a container or an environment by its own words. */
import type { Container } from './container.ts';
import type { Environment } from './environment.ts';
import type { Problem } from './problem.ts';

/** What the present state makes of a problem; the rest is its history. */
export type Wrong = Pick<
  Problem,
  'id' | 'environmentId' | 'containerId' | 'name' | 'kind' | 'severity' | 'sentence'
>;

/** The kernel's and docker kill's: SIGKILL. */
const KILLED = 137;

/** The id of the problem that a container can have. */
export function containerProblemId(environmentId: number, containerId: string): string {
  return `${environmentId}.${containerId}`;
}

/** The id of the problem that an environment has while it does not answer. */
export function noDataId(environmentId: number): string {
  return `${environmentId}.no-data`;
}

/** What is wrong with a container; undefined when nothing is. Exited with anything but 0 is wrong. */
export function wrongWithContainer(container: Container): Wrong | undefined {
  const found = kindAndSentence(container);
  if (!found) return undefined;
  const { environmentId, id, name } = container;
  const [kind, sentence] = found;
  return {
    id: containerProblemId(environmentId, id),
    environmentId,
    containerId: id,
    name,
    kind,
    severity: 'problem',
    sentence,
  };
}

function kindAndSentence(container: Container): readonly [string, string] | undefined {
  const { state, health, oomsSeen } = container;
  const exitCode = container.exitCode ?? 0;
  const isOutOfMemory = oomsSeen > 0 && exitCode === KILLED;
  switch (state) {
    case 'running':
      return health === 'unhealthy' ? ['unhealthy', 'its health check fails'] : undefined;
    case 'restarting':
      if (isOutOfMemory) return ['oom', 'killed for want of memory, restarting'];
      return ['restart-loop', `keeps restarting, last exit status ${exitCode}`];
    case 'exited':
      if (exitCode === 0) return undefined;
      if (isOutOfMemory) return ['oom', 'killed for want of memory'];
      return ['exited', `exited with status ${exitCode}`];
    case 'dead':
      return ['dead', 'its engine could not remove it'];
    default:
      return undefined;
  }
}

/** What is wrong with an environment; undefined while it answers or is only being dialled. */
export function wrongWithEnvironment(environment: Environment): Wrong | undefined {
  const { id, name, connection, reason } = environment;
  if (connection !== 'down') return undefined;
  return {
    id: noDataId(id),
    environmentId: id,
    containerId: null,
    name,
    kind: 'no-data',
    severity: 'no-data',
    sentence: reason ?? 'it does not answer',
  };
}
