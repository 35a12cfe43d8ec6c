/**
 * Answers that list or tell objects with owners: each with `Portainer.ResourceControl` beside it, and, for accounts that reach
 * only their own, without those of others.
 */
import { isLoose, looseObject, looseObjects, looseText } from '../../docker/loose.ts';
import { withoutVersion } from '../../protocol/docker-call.ts';
import { isOwnedList, type ObjectRef, targetOf } from '../../protocol/docker-object.ts';
import type { ResourceControl } from '../../protocol/resource-control.ts';
import type { Grant } from '../fleet/grant.ts';
import { isLimited } from '../fleet/permissions.ts';
import type { ResourceControls } from '../fleet/resource-controls.ts';
import { type AskedEngine, controlJson, engineIdOf, traitsOf } from './engine-object.ts';
import type { GuardedCall } from './judged-call.ts';

const LISTED: Readonly<Record<string, ObjectRef['kind']>> = {
  containers: 'container',
  services: 'service',
  tasks: 'task',
  volumes: 'volume',
  networks: 'network',
  secrets: 'secret',
  configs: 'config',
};
const INSPECTED =
  /^\/(?:containers\/[^/]+\/json|(?:services|tasks|volumes|networks|secrets|configs)\/[^/]+)$/;

const isDiskUsage = (path: string): boolean => withoutVersion(path) === '/system/df';

/** Whether an answer is rewritten: to be narrowed, or because it tells volumes or anything that has a control. */
export function isOwnedAnswer(controls: ResourceControls, call: GuardedCall): boolean {
  const { grant, access, method, path } = call;
  if (method !== 'GET') return false;
  const plain = withoutVersion(path);
  const tells = isOwnedList(method, path) || INSPECTED.test(plain);
  if (isLimited(grant, access)) return tells || isDiskUsage(path);
  return tells && (!controls.isEmpty || plain.startsWith('/volumes'));
}

/** What narrowing and telling goes by. */
interface View {
  readonly grant: Grant;
  readonly environmentId: number;
  readonly controls: ResourceControls;
  readonly isNarrow: boolean;
  readonly engineId: string;
}

/** The engine's 200 answer as the account is told it. */
export async function ownedAnswer(
  controls: ResourceControls,
  call: GuardedCall,
  engine: AskedEngine,
  body: unknown,
): Promise<unknown> {
  const { grant, access, method, path } = call;
  const [, first = ''] = withoutVersion(path).split('/');
  const kind = LISTED[first];
  const tellsVolumes = kind === 'volume' || isDiskUsage(path);
  const engineId = tellsVolumes ? await engineIdOf(engine) : '';
  const isNarrow = isLimited(grant, access);
  const view = { grant, environmentId: access.id, controls, isNarrow, engineId };
  if (isDiskUsage(path)) return await ofDiskUsage(view, looseObject(body));
  if (kind === undefined) return body;
  if (!isOwnedList(method, path)) return ofOne(view, kind, body);
  if (kind !== 'volume') return await ofList(view, kind, body);
  const volumes = looseObject(body);
  return { ...volumes, Volumes: await ofList(view, 'volume', volumes.Volumes) };
}

async function ofList(view: View, kind: ObjectRef['kind'], list: unknown): Promise<unknown> {
  if (!Array.isArray(list)) return list;
  const kept: unknown[] = [];
  for (const item of list) {
    const traits = traitsOf(kind, item, view.engineId);
    const { controls, grant, environmentId, isNarrow } = view;
    if (isNarrow && !(await controls.mayUse(grant, environmentId, traits))) continue;
    kept.push(ofOne(view, kind, item));
  }
  return kept;
}

function ofOne(view: View, kind: ObjectRef['kind'], item: unknown): unknown {
  if (!isLoose(item)) return item;
  const { controls, environmentId, engineId } = view;
  const traits = traitsOf(kind, item, engineId);
  const control = kind === 'task' ? undefined : controls.find(environmentId, traits);
  const told = kind === 'network' ? withoutForeign(view, item) : item;
  return {
    ...told,
    ...(kind === 'volume' && { ResourceID: traits.resourceId }),
    ...(control && withControl(told, control)),
  };
}

/** As Portainer has it: beside the engine's own fields. */
export const withControl = (item: object, control: ResourceControl) => ({
  ...item,
  Portainer: { ResourceControl: controlJson(control) },
});

/** A network tells who else is in it. */
function withoutForeign(view: View, network: Readonly<Record<string, unknown>>) {
  const { controls, grant, environmentId, isNarrow } = view;
  if (!isNarrow || !isLoose(network.Containers)) return network;
  const mine = Object.entries(network.Containers).filter(([id]) =>
    controls.mayUseContainer(grant, environmentId, id),
  );
  return { ...network, Containers: Object.fromEntries(mine) };
}

/** Of the host's use only what is known here, and of that only one's own: newer engines tell it in other shapes, too. */
async function ofDiskUsage(view: View, usage: Readonly<Record<string, unknown>>): Promise<unknown> {
  return {
    LayersSize: usage.LayersSize ?? 0,
    Images: looseObjects(usage.Images),
    Containers: await ofList(view, 'container', looseObjects(usage.Containers)),
    Volumes: await ofList(view, 'volume', looseObjects(usage.Volumes)),
    BuildCache: [],
  };
}

const EVENT_KINDS: ReadonlySet<string> = new Set([
  'container',
  'volume',
  'network',
  'service',
  'secret',
  'config',
]);

/** Whether one event of GET /events is told to an account that reaches only its own. */
export async function isToldEvent(
  { controls, grant, environmentId, engineId }: Omit<View, 'isNarrow'>,
  event: unknown,
): Promise<boolean> {
  const { Type, Actor } = looseObject(event);
  const { ID, Attributes } = looseObject(Actor);
  const type = looseText(Type);
  if (type === 'image') return true;
  if (!EVENT_KINDS.has(type)) return false;
  const name = looseText(looseObject(Attributes).name);
  const item = { Id: ID, Name: type === 'volume' ? ID : name, Labels: Attributes };
  const other = looseText(looseObject(Attributes).container);
  if (other !== '' && !controls.mayUseContainer(grant, environmentId, other)) return false;
  return await controls.mayUse(
    grant,
    environmentId,
    traitsOf(type as ObjectRef['kind'], item, engineId),
  );
}

/** Whether a path tells the events of an engine. */
export const tellsEvents = (path: string): boolean => withoutVersion(path) === '/events';

/** Whether a successful call leaves its target gone. */
export const removesTarget = (method: string, path: string): boolean =>
  method === 'DELETE' && targetOf(path) !== undefined;
