/**
 * Who may do what with an environment: six roles, the kinds of action there are, and one pure function that decides.
 * The numbers are Portainer's (`RoleId` of access policies); what a role may is listed in docs/permissions.md.
 */

/**
 * What a call does, from harmless to grave. `secrets` shows values that programs keep to themselves (environment variables,
 * files); `host` reaches beyond containers: the machine, its disks, the engine itself.
 */
export const ACTIONS = {
  read: 'lists and details, without values of environment variables',
  logs: 'logs of containers',
  stats: 'figures and processes',
  lifecycle: 'start, stop, restart, kill, pause',
  secrets: 'environment variables, files of containers and volumes',
  exec: 'a shell or a command in a container, attach',
  change: 'rename, limits, tags, networks joined and left',
  create: 'containers, networks, volumes, images; builds and pulls',
  destroy: 'removal and pruning',
  host: "the machine and the engine: privileges, the host's files and namespaces, swarm, plugins",
} as const;

export type Action = keyof typeof ACTIONS;

export interface Role {
  /** Portainer's number of it; null for the administrator, who is one by account and not by policy. */
  readonly id: number | null;
  readonly name: string;
  readonly description: string;
  /** Of two roles the one with the lower number counts. */
  readonly priority: number;
  readonly may: ReadonlySet<Action>;
  /** `own`: only with objects that are its own, shared with it or public, and with what belongs to nobody as `IN_COMMON` says. */
  readonly reach: 'all' | 'own';
}

const EVERYTHING = new Set(Object.keys(ACTIONS) as Action[]);
const LOOKING: readonly Action[] = ['read', 'logs', 'stats'];
/** What a role that reaches its own objects only may do with images, the engine and whatever else has no owner. */
export const IN_COMMON: ReadonlySet<Action> = new Set(['read', 'create']);

export const ADMINISTRATOR: Role = {
  id: null,
  name: 'Administrator',
  description: 'Everything, in every environment, and the server itself',
  priority: 0,
  may: EVERYTHING,
  reach: 'all',
};

/** The roles that access policies can give, the most powerful first. */
export const ROLES: readonly Role[] = [
  {
    id: 1,
    name: 'Environment administrator',
    description: 'Full control of everything in an environment',
    priority: 1,
    may: EVERYTHING,
    reach: 'all',
  },
  {
    id: 5,
    name: 'Operator',
    description: 'Runs what is there: lifecycle, shells, changes; creates and removes nothing',
    priority: 2,
    may: new Set<Action>([...LOOKING, 'lifecycle', 'secrets', 'exec', 'change']),
    reach: 'all',
  },
  {
    id: 2,
    name: 'Helpdesk',
    description: 'Looks at everything and restarts what hangs',
    priority: 3,
    may: new Set<Action>([...LOOKING, 'lifecycle']),
    reach: 'all',
  },
  {
    id: 3,
    name: 'Standard user',
    description: 'Full control of what it makes itself, and of what is shared with it or public',
    priority: 4,
    may: new Set([...EVERYTHING].filter((action) => action !== 'host')),
    reach: 'own',
  },
  {
    id: 4,
    name: 'Read-only user',
    description: 'Looks at everything in an environment but logs',
    priority: 5,
    may: new Set<Action>(['read', 'stats']),
    reach: 'all',
  },
];

const STANDARD = ROLES.find(({ id }) => id === 3) as Role;

/** The role of a policy's number; Portainer CE writes 0 and means its standard user, and so does any unknown number. */
export const roleOf = (id: number): Role => ROLES.find((role) => role.id === id) ?? STANDARD;

/** The most powerful of these roles; undefined of none. */
export function strongest(roles: readonly Role[]): Role | undefined {
  return roles.reduce<Role | undefined>(
    (best, role) => (best === undefined || role.priority < best.priority ? role : best),
    undefined,
  );
}

/** Of a role and the most that a credential may use of it, the one with less power. */
export function atMost(role: Role, limit: Role): Role {
  const lower = role.priority < limit.priority ? limit : role;
  const may = new Set([...role.may].filter((action) => limit.may.has(action)));
  return { ...lower, may, reach: role.reach === 'own' ? 'own' : limit.reach };
}

export interface Wish {
  readonly isAdministrator: boolean;
  /** Of the account in the environment; undefined when no policy names it. */
  readonly role: Role | undefined;
  /** Everything the call does; undefined when nobody knows what it does. */
  readonly actions: readonly Action[] | undefined;
  /** What it is done with; counts for roles that reach only their own. */
  readonly touches: Touched;
}

/** Objects that the account may use, at least one that it may not, or nothing that has an owner. */
export type Touched = 'usable' | 'foreign' | 'common';

export type Decision =
  | { readonly isAllowed: true }
  /** `why` is a sentence for the person. */
  | { readonly isAllowed: false; readonly why: string };

/** Decides one call. Administrators may everything, even what nobody knows; others only what their role names. */
export function decide({ isAdministrator, role, actions, touches }: Wish): Decision {
  if (isAdministrator) return { isAllowed: true };
  if (!role) return { isAllowed: false, why: 'No role in this environment.' };
  if (!actions) {
    return { isAllowed: false, why: 'This call is not known; only administrators may make it.' };
  }
  const missing = actions.find((action) => !role.may.has(action));
  if (missing === undefined) return ofReach(role, actions, touches);
  return {
    isAllowed: false,
    why: `The role ${role.name} does not include ${missing}: ${ACTIONS[missing]}.`,
  };
}

function ofReach({ reach, name }: Role, actions: readonly Action[], touches: Touched): Decision {
  if (reach === 'all' || touches === 'usable') return { isAllowed: true };
  const who = `The role ${name} reaches only what is its own, shared with it or public`;
  if (touches === 'foreign') return { isAllowed: false, why: `${who}; this is not.` };
  const excess = actions.find((action) => !IN_COMMON.has(action));
  if (excess === undefined) return { isAllowed: true };
  return { isAllowed: false, why: `${who}, and ${excess} here would reach more.` };
}
