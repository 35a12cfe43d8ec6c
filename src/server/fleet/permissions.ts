/**
 * Who may do what with an environment. Administrators: everything. Others see the environments whose access policies name them,
 * and may only read there: finer roles don't exist yet, so everything that changes something stays closed.
 */
import { Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord } from '../store/store.ts';
import { type Grant, isAdministrator } from './grant.ts';

type Policies = Pick<EnvironmentRecord, 'userAccessPolicies'>;

const SAFE_METHODS = new Set(['GET', 'HEAD']);
/** What may be read: lists and details, logs and figures; never files, images or a container's streams. */
const READABLE =
  /^(\/v\d+\.\d+)?\/(_ping|info|version|events|system\/df|(containers|images)\/json|(networks|volumes|services|tasks|nodes)(\/.+)?|containers\/[^/]+\/(json|logs|stats|top|changes)|images\/.+\/(json|history))$/;

/** Whether an account sees the environment at all. */
export function maySee(grant: Grant, environment: Policies): boolean {
  return isAdministrator(grant) || environment.userAccessPolicies[grant.user.id] !== undefined;
}

/** Fault forbidden in Portainer's words when it doesn't. */
export function checkMaySee(grant: Grant, environment: Policies): void {
  if (maySee(grant, environment)) return;
  throw new Fault('forbidden', 'Permission denied to access environment', {
    details: 'Permission denied to access environment',
  });
}

/** Fault forbidden unless the account may make this call on the engine; `path` is the engine's without its query, decoded. */
export function checkMayCall(
  grant: Grant,
  environment: Policies,
  call: { readonly method: string; readonly path: string },
): void {
  checkMaySee(grant, environment);
  if (isAdministrator(grant)) return;
  if (SAFE_METHODS.has(call.method) && READABLE.test(call.path)) return;
  throw new Fault('forbidden', 'access denied to resource', {
    details: 'Only administrators may do this.',
  });
}
