/**
 * Who may do what with an environment: an account's role there, from the access policies of it and its group, and the pure
 * decision of protocol/permission.ts, told in Portainer's words.
 */
import { actionOf } from '../../protocol/docker-call.ts';
import { Fault } from '../../protocol/fault.ts';
import {
  type Action,
  ADMINISTRATOR,
  atMost,
  decide,
  type Role,
  roleOf,
  strongest,
  type Touched,
} from '../../protocol/permission.ts';
import type { Access, Policies } from './access-book.ts';
import { type Grant, isAdministrator, isAdministratorAccount } from './grant.ts';

export interface EngineCall {
  readonly method: string;
  /** The engine's without its query, decoded. */
  readonly path: string;
}

/** All that a key which was made for some environments, or with a role at most, can be worth anywhere. */
const ENVIRONMENT_ADMINISTRATOR = roleOf(1);

/** The role of the account in an environment, cut down to what the credential was made for; undefined without one. */
export function roleIn(grant: Grant, access: Access): Role | undefined {
  const role = accountRoleIn(grant, access);
  const { scope } = grant;
  if (role === undefined || scope === undefined) return role;
  if (scope.environmentIds?.includes(access.id) === false) return undefined;
  return atMost(role, scope.roleId === null ? ENVIRONMENT_ADMINISTRATOR : roleOf(scope.roleId));
}

/**
 * The role of an account in an environment; undefined when no policy names it or its teams. The first that names it counts, in
 * Portainer's order: the account in the environment, in the group, its teams in the environment, in the group.
 */
function accountRoleIn(grant: Grant, { own, group }: Access): Role | undefined {
  if (isAdministratorAccount(grant)) return ADMINISTRATOR;
  return ofUser(grant, own) ?? ofUser(grant, group) ?? ofTeams(grant, own) ?? ofTeams(grant, group);
}

function ofUser({ user }: Grant, { userAccessPolicies }: Policies): Role | undefined {
  const policy = userAccessPolicies[user.id];
  return policy && roleOf(policy.RoleId);
}

/** Of several teams the strongest role. */
function ofTeams({ teamIds }: Grant, { teamAccessPolicies }: Policies): Role | undefined {
  const policies = teamIds.map((id) => teamAccessPolicies[id]);
  return strongest(policies.flatMap((policy) => (policy ? [roleOf(policy.RoleId)] : [])));
}

/** Whether an account sees the environment at all. */
export function maySee(grant: Grant, environment: Access): boolean {
  return roleIn(grant, environment) !== undefined;
}

/** Fault forbidden in Portainer's words when it doesn't. */
export function checkMaySee(grant: Grant, environment: Access): void {
  if (maySee(grant, environment)) return;
  throw new Fault('forbidden', 'Permission denied to access environment', {
    details: 'Permission denied to access environment',
  });
}

/** Whether the account's role in the environment names the action. */
export function mayDo(grant: Grant, environment: Access, action: Action): boolean {
  return roleIn(grant, environment)?.may.has(action) ?? false;
}

/** Whether the account reaches only its own objects in the environment, so that each call must be asked what it touches. */
export const isLimited = (grant: Grant, access: Access): boolean =>
  roleIn(grant, access)?.reach === 'own';

/** What is asked for, of an environment and the objects in it. */
export interface Asked {
  readonly access: Access;
  readonly touches: Touched;
}

/** Fault forbidden unless the account may do this in the environment. */
export function checkMayDo(grant: Grant, asked: Asked, action: Action): void {
  check(grant, asked, [action]);
}

/** Fault forbidden unless the account may make this call on the engine, whatever its body says. */
export function checkMayCall(grant: Grant, asked: Asked, call: EngineCall): void {
  const action = actionOf(call.method, call.path);
  check(grant, asked, action && [action]);
}

function check(
  grant: Grant,
  { access, touches }: Asked,
  actions: readonly Action[] | undefined,
): void {
  checkMaySee(grant, access);
  const role = roleIn(grant, access);
  const decision = decide({ isAdministrator: isAdministrator(grant), role, actions, touches });
  if (decision.isAllowed) return;
  throw new Fault('forbidden', 'access denied to resource', { details: decision.why });
}
