/**
 * Calls that make an object with an owner: it belongs to who made it, and to whom its labels name. The answer is 200 and carries
 * `Portainer.ResourceControl`, as Portainer's proxy does (openhoat and others rely on it).
 */
import type { IncomingMessage } from 'node:http';
import { looseObject, looseText } from '../../docker/loose.ts';
import { callRoute } from '../../docker/route-call.ts';
import { fieldValues } from '../../protocol/docker-fields.ts';
import { createdKind, labelsOf } from '../../protocol/docker-object.ts';
import { CONTROL_TYPES, type ControlledKind } from '../../protocol/resource-control.ts';
import { privateUse, type Use } from '../fleet/resource-controls.ts';
import { type Answer, ok } from './answer.ts';
import { type AskedEngine, engineIdOf, parseAnswer } from './engine-object.ts';
import type { GuardedCall } from './judged-call.ts';
import { withControl } from './owned-answer.ts';
import type { Services } from './services.ts';

/** A body that was read, and what is known of what it names. */
export interface ReadBody {
  readonly bytes: Buffer;
  readonly value: unknown;
  /** Names of volumes that did not exist before the call. */
  readonly fresh: readonly string[];
}

/** As long as an engine may take to unpack what it starts from. */
const CREATE_MS = 600_000;
/** Of the client's headers those that mean something to an engine or an agent here. */
const PASSED_HEADERS = [
  'x-registry-auth',
  'x-portaineragent-target',
  'x-portaineragent-manageroperation',
];

export interface Creation {
  readonly call: GuardedCall;
  readonly engine: AskedEngine;
  /** Still encoded, with its query. */
  readonly path: string;
  readonly body: ReadBody;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a client says to the engine besides the body. */
export function passedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const passed = PASSED_HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(passed);
}

/** Makes it and answers; rejects with the faults of callRoute. */
export function createdAnswer(services: Services, creation: Creation): Promise<Answer> {
  return services.controls.during(creation.call.access.id, create(services, creation));
}

async function create(services: Services, creation: Creation): Promise<Answer> {
  const { engine, path, headers } = creation;
  const answer = await callRoute(engine.route, {
    method: 'POST',
    path,
    body: creation.body.bytes.toString('utf8'),
    headers,
    deadlineMs: CREATE_MS,
    signal: engine.signal,
  });
  const told = looseObject(parseAnswer(answer.body, engine.route));
  if (answer.status !== 201 && answer.status !== 200) return { ...ok(told), status: answer.status };
  return ok(await owned(services, creation, told));
}

async function owned(
  { controls }: Services,
  { call, engine, body }: Creation,
  told: Readonly<Record<string, unknown>>,
): Promise<object> {
  const kind = createdKind(call.method, call.path) as ControlledKind;
  const environmentId = call.access.id;
  const use = await useOf(controls, call, body.value);
  const isVolumes = kind === 'volume' || body.fresh.length > 0;
  const engineId = isVolumes ? await engineIdOf(engine) : '';
  const volume = (name: string) => ({
    type: CONTROL_TYPES.volume,
    resourceId: `${name}_${engineId}`,
  });
  if (kind === 'volume') {
    const name = looseText(told.Name);
    const isNew = body.fresh.includes(name) || fieldValues(body.value, 'Name').every((one) => !one);
    const key = volume(name);
    const traits = { kind, resourceId: key.resourceId, labels: {}, isSystem: false };
    const control = isNew
      ? await controls.own(environmentId, key, use)
      : controls.find(environmentId, traits);
    const named = { ...told, ResourceID: key.resourceId };
    return control ? withControl(named, control) : named;
  }
  for (const name of body.fresh) await controls.own(environmentId, volume(name), use);
  const resourceId = looseText(told.Id) || looseText(told.ID);
  const control = await controls.own(environmentId, { type: CONTROL_TYPES[kind], resourceId }, use);
  return withControl(told, control);
}

async function useOf(
  controls: Services['controls'],
  { grant }: GuardedCall,
  body: unknown,
): Promise<Use> {
  const own = privateUse(grant.user.id);
  const labelled = await controls.useOfLabels(labelsOf(body));
  if (labelled === undefined) return own;
  return { ...labelled, userIds: [...new Set([grant.user.id, ...labelled.userIds])] };
}
