/**
 * Who may use one Docker object: its owner, people and teams it is shared with, everybody, or administrators only. The numbers
 * are Portainer's (`Type` of a resource control); an object without one is the administrators'.
 */

/** The kinds of objects that have owners, with Portainer's numbers. */
export const CONTROL_TYPES = {
  container: 1,
  service: 2,
  volume: 3,
  network: 4,
  secret: 5,
  stack: 6,
  config: 7,
} as const;

export type ControlledKind = keyof typeof CONTROL_TYPES;

export interface ResourceControl {
  readonly id: number;
  /** Null when it holds in every environment: one that was made by hand names no environment. */
  readonly environmentId: number | null;
  /** The engine's id; of a volume `<name>_<id of the engine>`, of a stack `<environment>_<name>`. */
  readonly resourceId: string;
  readonly type: number;
  readonly userIds: readonly number[];
  readonly teamIds: readonly number[];
  readonly isPublic: boolean;
  readonly administratorsOnly: boolean;
  readonly subResourceIds: readonly string[];
}

/** Whether a control lets an account use the object; administrators are not asked. */
export function isEntitled(
  control: ResourceControl | undefined,
  { userId, teamIds }: { readonly userId: number; readonly teamIds: readonly number[] },
): boolean {
  if (control === undefined || control.administratorsOnly) return false;
  return (
    control.isPublic ||
    control.userIds.includes(userId) ||
    control.teamIds.some((id) => teamIds.includes(id))
  );
}

const PREFIX = 'io.portainer.accesscontrol.';

/** What an object's labels say of its use, as names of accounts and teams; undefined when they say nothing. */
export interface LabelledUse {
  readonly isPublic: boolean;
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** Reads Portainer's labels: `…public`, `…users=ada,bob`, `…teams=dev` after `io.portainer.accesscontrol.`. */
export function labelledUse(labels: Readonly<Record<string, string>>): LabelledUse | undefined {
  const namesIn = (label: string): readonly string[] => [
    ...new Set(
      (labels[`${PREFIX}${label}`] ?? '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
  const publicWord = labels[`${PREFIX}public`];
  const isPublic = publicWord !== undefined && publicWord.toLowerCase() !== 'false';
  const users = namesIn('users');
  const teams = namesIn('teams');
  return isPublic || users.length + teams.length > 0 ? { isPublic, users, teams } : undefined;
}

/** What an object is known by, to find the control that holds for it. */
export interface ObjectTraits {
  readonly kind: ControlledKind;
  readonly resourceId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the engine itself (the networks bridge, host and none): anybody may use it. */
  readonly isSystem: boolean;
}

export interface ControlKey {
  readonly type: number;
  readonly resourceId: string;
}

const SERVICE_LABEL = 'com.docker.swarm.service.id';
const STACK_LABELS = ['com.docker.stack.namespace', 'com.docker.compose.project'];

/** Where a control for the object may stand, the first found counts: its own, its service's, its stack's. */
export function controlKeys(
  { kind, resourceId, labels }: ObjectTraits,
  environmentId: number,
): readonly ControlKey[] {
  const keys: ControlKey[] = [{ type: CONTROL_TYPES[kind], resourceId }];
  const service = labels[SERVICE_LABEL];
  if (kind === 'container' && service) {
    keys.push({ type: CONTROL_TYPES.service, resourceId: service });
  }
  for (const label of STACK_LABELS) {
    const stack = labels[label];
    if (!stack) continue;
    keys.push({ type: CONTROL_TYPES.stack, resourceId: `${environmentId}_${stack}` });
  }
  return keys;
}
