/** A container's identity and Docker's words for its states; apart from the schemas, which are slow to load. */

/** The values of `State` in the answer of the Engine API's GET /containers/json. */
export const CONTAINER_STATES = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
] as const;

export type ContainerStateName = (typeof CONTAINER_STATES)[number];

/** The fleet-wide identity of a container: its environment and its id, never its name. */
export type ContainerKey = `${number}/${string}`;

export function containerKey(container: {
  readonly environmentId: number;
  readonly id: string;
}): ContainerKey {
  return `${container.environmentId}/${container.id}`;
}
