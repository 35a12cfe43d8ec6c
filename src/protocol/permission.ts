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
}

const EVERYTHING = new Set(Object.keys(ACTIONS) as Action[]);
const LOOKING: readonly Action[] = ['read', 'logs', 'stats'];

export const ADMINISTRATOR: Role = {
  id: null,
  name: 'Administrator',
  description: 'Everything, in every environment, and the server itself',
  priority: 0,
  may: EVERYTHING,
};

/** The roles that access policies can give, the most powerful first. */
export const ROLES: readonly Role[] = [
  {
    id: 1,
    name: 'Environment administrator',
    description: 'Full control of everything in an environment',
    priority: 1,
    may: EVERYTHING,
  },
  {
    id: 5,
    name: 'Operator',
    description: 'Runs what is there: lifecycle, shells, changes; creates and removes nothing',
    priority: 2,
    may: new Set<Action>([...LOOKING, 'lifecycle', 'secrets', 'exec', 'change']),
  },
  {
    id: 2,
    name: 'Helpdesk',
    description: 'Looks at everything and restarts what hangs',
    priority: 3,
    may: new Set<Action>([...LOOKING, 'lifecycle']),
  },
  {
    id: 3,
    name: 'Standard user',
    description: 'Looks at everything in an environment, its logs and figures',
    priority: 4,
    may: new Set<Action>(LOOKING),
  },
  {
    id: 4,
    name: 'Read-only user',
    description: 'Looks at everything in an environment but logs',
    priority: 5,
    may: new Set<Action>(['read', 'stats']),
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
export const atMost = (role: Role, limit: Role): Role =>
  role.priority < limit.priority ? limit : role;

export interface Wish {
  readonly isAdministrator: boolean;
  /** Of the account in the environment; undefined when no policy names it. */
  readonly role: Role | undefined;
  /** Everything the call does; undefined when nobody knows what it does. */
  readonly actions: readonly Action[] | undefined;
}

export type Decision =
  | { readonly isAllowed: true }
  /** `why` is a sentence for the person. */
  | { readonly isAllowed: false; readonly why: string };

/** Decides one call. Administrators may everything, even what nobody knows; others only what their role names. */
export function decide({ isAdministrator, role, actions }: Wish): Decision {
  if (isAdministrator) return { isAllowed: true };
  if (!role) return { isAllowed: false, why: 'No role in this environment.' };
  if (!actions) {
    return { isAllowed: false, why: 'This call is not known; only administrators may make it.' };
  }
  const missing = actions.find((action) => !role.may.has(action));
  if (missing === undefined) return { isAllowed: true };
  return {
    isAllowed: false,
    why: `The role ${role.name} does not include ${missing}: ${ACTIONS[missing]}.`,
  };
}
