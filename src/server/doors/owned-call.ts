/**
 * Calls of accounts that reach only their own objects: what a call touches is looked up before it is made. A name in the path
 * becomes the id that was judged, so that nothing else can be under that name by the time the engine reads it.
 */

import { withoutVersion } from '../../protocol/docker-call.ts';
import {
  bodyNamesObjects,
  createdKind,
  isOwnedList,
  namedObjects,
  type ObjectRef,
  targetOf,
} from '../../protocol/docker-object.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Touched } from '../../protocol/permission.ts';
import { isLimited } from '../fleet/permissions.ts';
import { type AskedEngine, findObject } from './engine-object.ts';
import type { GuardedCall } from './judged-call.ts';
import type { Services } from './services.ts';

/** What a call touches, and how the engine calls the object in its path. */
export interface TouchedTarget {
  readonly touches: Touched;
  readonly id?: string;
}

/** How long an account's own questions about what it may use are waited for. */
const JUDGE_MS = 30_000;

/** The engine of an environment, to be asked about its objects. */
export async function engineOf(services: Services, environmentId: number): Promise<AskedEngine> {
  const record = await services.environments.record(environmentId);
  const { route } = services.supervisor.get(environmentId);
  return { record, route, signal: AbortSignal.timeout(JUDGE_MS) };
}

const foreign = (): Fault =>
  new Fault('forbidden', 'access denied to resource', {
    details: 'The call names an object that is not yours, not shared with you and not public.',
  });

const missing = ({ kind, id }: ObjectRef): Fault =>
  new Fault('not-found', `No such ${kind}: ${id}`);

/** What the path of a call touches, for any account; Fault not-found in the engine's words. */
export async function touchedTarget(
  services: Services,
  call: GuardedCall,
  committed: string | null,
): Promise<TouchedTarget> {
  const { grant, access, method, path } = call;
  if (!isLimited(grant, access)) return { touches: 'usable' };
  const target = targetOf(path);
  if (target) return await touchedObject(services, call, target);
  if (method === 'POST' && withoutVersion(path) === '/commit') {
    return await touchedObject(services, call, { kind: 'container', id: committed ?? '' });
  }
  return { touches: isOwnedList(method, path) ? 'usable' : 'common' };
}

/** One object of an engine, for an account that reaches only its own. */
export async function touchedObject(
  services: Services,
  { grant, access }: Pick<GuardedCall, 'grant' | 'access'>,
  ref: ObjectRef,
): Promise<TouchedTarget> {
  if (!isLimited(grant, access)) return { touches: 'usable' };
  const found = await findObject(await engineOf(services, access.id), ref);
  if (!found) throw missing(ref);
  const isUsable = await services.controls.mayUse(grant, access.id, found.traits);
  return { touches: isUsable ? 'usable' : 'foreign', id: found.id };
}

/** The path of a call with the object's id in the place of its name. */
export function withTarget(enginePath: string, path: string, { id }: TouchedTarget): string {
  const target = targetOf(path);
  if (target === undefined || id === undefined || id === target.id) return enginePath;
  const at = /^(?:\/v\d+\.\d+)?\/[^/]+\//.exec(enginePath)?.[0].length ?? 0;
  const rest = enginePath.slice(at).replace(/^[^/]+/, '');
  return `${enginePath.slice(0, at)}${encodeURIComponent(id)}${rest}`;
}

/** Whether a call's body must be read, since it names objects or makes one. */
export function bodyIsAsked({ grant, access, method, path }: GuardedCall): boolean {
  if (createdKind(method, path) !== undefined) return true;
  return bodyNamesObjects(method, path) && isLimited(grant, access);
}

/**
 * Looks up what a body names; the volumes that do not exist yet, and so will be made by the call. Fault forbidden for what the
 * account may not use. Of accounts that reach everything only the name of a new volume is asked.
 */
export async function judgeNamed(
  services: Services,
  { grant, access, path }: GuardedCall,
  body: unknown,
): Promise<readonly string[]> {
  const isFree = !isLimited(grant, access);
  if (isFree && withoutVersion(path) !== '/volumes/create') return [];
  const engine = await engineOf(services, access.id);
  const fresh: string[] = [];
  for (const ref of namedObjects(path, body)) {
    const found = await findObject(engine, ref);
    if (found === undefined && ref.kind === 'volume') fresh.push(ref.id);
    if (found === undefined || isFree) continue;
    if (!(await services.controls.mayUse(grant, access.id, found.traits))) throw foreign();
  }
  return fresh;
}
