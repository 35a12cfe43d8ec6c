/**
 * Who may do what with an environment: an account's role there, from the environment's access policies, and the pure
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
} from '../../protocol/permission.ts';
import type { EnvironmentRecord } from '../store/store.ts';
import { type Grant, isAdministrator, isAdministratorAccount } from './grant.ts';

type Policies = Pick<EnvironmentRecord, 'id' | 'userAccessPolicies' | 'teamAccessPolicies'>;

export interface EngineCall {
  readonly method: string;
  /** The engine's without its query, decoded. */
  readonly path: string;
}

/** All that a key which was made for some environments, or with a role at most, can be worth anywhere. */
const ENVIRONMENT_ADMINISTRATOR = roleOf(1);

/** The role of the account in an environment, cut down to what the credential was made for; undefined without one. */
export function roleIn(grant: Grant, environment: Policies): Role | undefined {
  const role = accountRoleIn(grant, environment);
  const { scope } = grant;
  if (role === undefined || scope === undefined) return role;
  if (scope.environmentIds?.includes(environment.id) === false) return undefined;
  return atMost(role, scope.roleId === null ? ENVIRONMENT_ADMINISTRATOR : roleOf(scope.roleId));
}

/** The strongest role that policies give an account or its teams in an environment; undefined when none names them. */
function accountRoleIn(grant: Grant, environment: Policies): Role | undefined {
  if (isAdministratorAccount(grant)) return ADMINISTRATOR;
  const { userAccessPolicies, teamAccessPolicies } = environment;
  const policies = [
    userAccessPolicies[grant.user.id],
    ...grant.teamIds.map((id) => teamAccessPolicies[id]),
  ];
  return strongest(policies.flatMap((policy) => (policy ? [roleOf(policy.RoleId)] : [])));
}

/** Whether an account sees the environment at all. */
export function maySee(grant: Grant, environment: Policies): boolean {
  return roleIn(grant, environment) !== undefined;
}

/** Fault forbidden in Portainer's words when it doesn't. */
export function checkMaySee(grant: Grant, environment: Policies): void {
  if (maySee(grant, environment)) return;
  throw new Fault('forbidden', 'Permission denied to access environment', {
    details: 'Permission denied to access environment',
  });
}

/** Whether the account's role in the environment names the action. */
export function mayDo(grant: Grant, environment: Policies, action: Action): boolean {
  return roleIn(grant, environment)?.may.has(action) ?? false;
}

/** Fault forbidden unless the account may do this in the environment. */
export function checkMayDo(grant: Grant, environment: Policies, action: Action): void {
  check(grant, environment, [action]);
}

/** Fault forbidden unless the account may make this call on the engine, whatever its body says. */
export function checkMayCall(grant: Grant, environment: Policies, call: EngineCall): void {
  const action = actionOf(call.method, call.path);
  check(grant, environment, action && [action]);
}

function check(grant: Grant, environment: Policies, actions: readonly Action[] | undefined): void {
  checkMaySee(grant, environment);
  const role = roleIn(grant, environment);
  const decision = decide({ isAdministrator: isAdministrator(grant), role, actions });
  if (decision.isAllowed) return;
  throw new Fault('forbidden', 'access denied to resource', { details: decision.why });
}
