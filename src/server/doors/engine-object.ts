/** Docker objects as answers of an engine describe them: what each is known by, and the control that its owner reads in it. */
import { looseObject, looseStrings, looseText } from '../../docker/loose.ts';
import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import type { ObjectRef } from '../../protocol/docker-object.ts';
import { Fault } from '../../protocol/fault.ts';
import type { ObjectTraits, ResourceControl } from '../../protocol/resource-control.ts';
import type { KeptEnvironment } from '../fleet/environments.ts';

/** An engine to be asked, and whose it is. */
export interface AskedEngine {
  readonly record: KeptEnvironment;
  readonly route: EngineRoute;
  readonly signal: AbortSignal;
}

export interface FoundObject {
  /** As the engine itself calls it. */
  readonly id: string;
  readonly traits: ObjectTraits;
}

const ASK_MS = 30_000;
/** Networks that every engine has and nobody made. */
const SYSTEM_NETWORKS: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'nat', 'podman']);
const PATHS: Readonly<Record<ObjectRef['kind'], (id: string) => string>> = {
  container: (id) => `/containers/${id}/json`,
  service: (id) => `/services/${id}`,
  volume: (id) => `/volumes/${id}`,
  network: (id) => `/networks/${id}`,
  secret: (id) => `/secrets/${id}`,
  config: (id) => `/configs/${id}`,
  task: (id) => `/tasks/${id}`,
  exec: (id) => `/exec/${id}/json`,
};

/** What an item of a list, or an inspect answer, is known by. `engineId` counts for volumes, whose names are not unique. */
export function traitsOf(kind: ObjectRef['kind'], item: unknown, engineId: string): ObjectTraits {
  const fields = looseObject(item);
  const config = looseObject(kind === 'container' ? fields.Config : fields.Spec);
  const labels = looseStrings(fields.Labels ?? config.Labels);
  const id = looseText(fields.Id) || looseText(fields.ID);
  switch (kind) {
    case 'volume': {
      const resourceId = `${looseText(fields.Name)}_${engineId}`;
      return { kind, resourceId, labels, isSystem: false };
    }
    case 'network': {
      const isSystem = SYSTEM_NETWORKS.has(looseText(fields.Name)) || fields.Ingress === true;
      return { kind, resourceId: id, labels, isSystem };
    }
    case 'task': {
      const spec = looseObject(looseObject(fields.Spec).ContainerSpec);
      const resourceId = looseText(fields.ServiceID);
      return { kind: 'service', resourceId, labels: looseStrings(spec.Labels), isSystem: false };
    }
    case 'exec':
      return {
        kind: 'container',
        resourceId: looseText(fields.ContainerID),
        labels: {},
        isSystem: false,
      };
    default:
      return { kind, resourceId: id, labels, isSystem: false };
  }
}

/** Asks the engine; undefined when there is no such object. Fault in the engine's words for anything else but 200. */
export async function findObject(
  engine: AskedEngine,
  { kind, id }: ObjectRef,
): Promise<FoundObject | undefined> {
  const { status, body } = await ask(engine, PATHS[kind](encodeURIComponent(id)));
  if (status === 404) return undefined;
  if (status !== 200) {
    const message = looseText(looseObject(body).message) || 'The engine refused the call.';
    throw new Fault('engine-refused', message, { status: status < 400 ? 502 : status });
  }
  if (kind === 'exec') {
    const container = looseText(looseObject(body).ContainerID);
    const found = await findObject(engine, { kind: 'container', id: container });
    return found && { ...found, id };
  }
  const traits = traitsOf(kind, body, kind === 'volume' ? await engineIdOf(engine) : '');
  const fields = looseObject(body);
  const own = looseText(fields.Id) || looseText(fields.ID) || looseText(fields.Name);
  return { id: own || id, traits };
}

/** By which Portainer tells volumes of two engines apart: the swarm's id where there is one. */
export async function engineIdOf(engine: AskedEngine): Promise<string> {
  const kept = engine.record.snapshot === '' ? {} : JSON.parse(engine.record.snapshot);
  const raw = looseObject(looseObject(kept).DockerSnapshotRaw);
  const info = raw.Info ?? (await ask(engine, '/info')).body;
  const fields = looseObject(info);
  const cluster = looseText(looseObject(looseObject(fields.Swarm).Cluster).ID);
  return cluster || looseText(fields.ID);
}

async function ask({ route, signal }: AskedEngine, path: string) {
  const answer = await callRoute(route, { path, deadlineMs: ASK_MS, signal });
  return { status: answer.status, body: parseAnswer(answer.body, route) };
}

/** Fault bad-peer for what is no JSON. */
export function parseAnswer(body: Buffer, { address }: EngineRoute): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Fault('bad-peer', `${address} answered with something that is not JSON.`, { cause });
  }
}

/** A control in Portainer's shape. */
export const controlJson = (control: ResourceControl) => ({
  Id: control.id,
  ResourceId: control.resourceId,
  SubResourceIds: control.subResourceIds,
  Type: control.type,
  UserAccesses: control.userIds.map((UserId) => ({ UserId, AccessLevel: 1 })),
  TeamAccesses: control.teamIds.map((TeamId) => ({ TeamId, AccessLevel: 1 })),
  Public: control.isPublic,
  AdministratorsOnly: control.administratorsOnly,
  System: false,
});
