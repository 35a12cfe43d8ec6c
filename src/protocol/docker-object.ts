/** Which objects a call of the Docker API is about: the one in its path, and those that its query and its body name. */
import { withoutVersion } from './docker-call.ts';
import { fieldsOf, fieldValues, listOf } from './docker-fields.ts';

/** An object as a call names it: by id, by the beginning of an id, or by name. */
export interface ObjectRef {
  readonly kind:
    | 'container'
    | 'service'
    | 'volume'
    | 'network'
    | 'secret'
    | 'config'
    | 'task'
    | 'exec';
  readonly id: string;
}

const KINDS: Readonly<Record<string, ObjectRef['kind']>> = {
  containers: 'container',
  services: 'service',
  volumes: 'volume',
  networks: 'network',
  secrets: 'secret',
  configs: 'config',
  tasks: 'task',
  exec: 'exec',
};
/** What stands in the place of an id and is none. */
const NO_IDS: ReadonlySet<string> = new Set(['json', 'create', 'prune']);

/** The object in the path of a call; undefined for lists, creations, and what has no owner (images, the engine). */
export function targetOf(path: string): ObjectRef | undefined {
  const [, first = '', id = ''] = withoutVersion(path).split('/');
  const kind = KINDS[first];
  return kind === undefined || id === '' || NO_IDS.has(id) ? undefined : { kind, id };
}

const LISTS = /^\/(?:containers\/json|services|tasks|volumes|networks|secrets|configs)$/;

/** Whether a call lists objects that have owners, so that its answer can be narrowed to those of one account. */
export const isOwnedList = (method: string, path: string): boolean =>
  method === 'GET' && LISTS.test(withoutVersion(path));

/** The kind of object that a call creates; undefined when none that has an owner. */
export function createdKind(method: string, path: string): ObjectRef['kind'] | undefined {
  const [, first] =
    /^\/(containers|networks|volumes|secrets|configs|services)\/create$/.exec(
      withoutVersion(path),
    ) ?? [];
  return method === 'POST' && first !== undefined ? KINDS[first] : undefined;
}

/** Whether the body of a call names objects of others, or makes one. */
export function bodyNamesObjects(method: string, path: string): boolean {
  const plain = withoutVersion(path);
  if (method !== 'POST') return false;
  return (
    createdKind(method, path) !== undefined ||
    /^\/networks\/[^/]+\/(?:connect|disconnect)$/.test(plain) ||
    /^\/services\/[^/]+\/update$/.test(plain)
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const refs = (kind: ObjectRef['kind'], ids: readonly unknown[]): ObjectRef[] =>
  [...new Set(ids.map(text).filter((id) => id !== ''))].map((id) => ({ kind, id }));

/** The objects that the body of a call names. What does not exist yet may be among them: a volume is made where it is used. */
export function namedObjects(path: string, body: unknown): readonly ObjectRef[] {
  const plain = withoutVersion(path);
  if (plain === '/containers/create') return ofContainer(body);
  if (plain === '/volumes/create') return refs('volume', fieldValues(body, 'Name'));
  if (/^\/networks\/[^/]+\/(?:connect|disconnect)$/.test(plain)) {
    return [
      ...refs('container', fieldValues(body, 'Container')),
      ...ofLinks(fieldValues(body, 'EndpointConfig')),
    ];
  }
  if (/^\/services\/(?:create|[^/]+\/update)$/.test(plain)) return ofService(body);
  return [];
}

/** `Links` are "container:alias"; with them comes the environment of the other one. */
const ofLinks = (holders: readonly unknown[]): ObjectRef[] =>
  refs(
    'container',
    holders
      .flatMap((holder) => fieldValues(holder, 'Links'))
      .flatMap(listOf)
      .map((link) => text(link).split(':')[0]),
  );

const ofMounts = (holders: readonly unknown[]): ObjectRef[] =>
  refs(
    'volume',
    holders
      .flatMap((holder) => fieldValues(holder, 'Mounts'))
      .flatMap(listOf)
      .filter((mount) => fieldValues(mount, 'Type').some((type) => type === 'volume'))
      .flatMap((mount) => fieldValues(mount, 'Source')),
  );

function ofContainer(body: unknown): readonly ObjectRef[] {
  const hosts = fieldValues(body, 'HostConfig');
  const binds = hosts
    .flatMap((host) => fieldValues(host, 'Binds'))
    .flatMap(listOf)
    .map((bind) => text(bind).split(':'))
    .filter((parts) => parts.length > 1 && !/^[/\\.~]/.test(parts[0] ?? ''));
  const modes = hosts
    .flatMap((host) => fieldValues(host, 'NetworkMode'))
    .filter((mode) => !/^(?:default|container:.*|)$/.test(text(mode)));
  const endpoints = fieldValues(body, 'NetworkingConfig').flatMap((config) =>
    fieldValues(config, 'EndpointsConfig'),
  );
  const settings = endpoints.flatMap((map) => Object.values(fieldsOf(map)));
  const networks = [
    ...modes,
    ...endpoints.flatMap((map) => Object.keys(fieldsOf(map))),
    ...settings.flatMap((one) => fieldValues(one, 'NetworkID')),
  ];
  return [
    ...refs(
      'volume',
      binds.map(([name]) => name),
    ),
    ...ofMounts(hosts),
    ...refs('network', networks),
    ...ofLinks([...hosts, ...settings]),
  ];
}

function ofService(body: unknown): readonly ObjectRef[] {
  const templates = fieldValues(body, 'TaskTemplate');
  const containers = templates.flatMap((template) => fieldValues(template, 'ContainerSpec'));
  const within = (list: string, name: string) =>
    containers
      .flatMap((container) => fieldValues(container, list))
      .flatMap(listOf)
      .flatMap((entry) => fieldValues(entry, name));
  const networks = [body, ...templates]
    .flatMap((holder) => fieldValues(holder, 'Networks'))
    .flatMap(listOf)
    .flatMap((network) => fieldValues(network, 'Target'));
  return [
    ...ofMounts(containers),
    ...refs('network', networks),
    ...refs('secret', within('Secrets', 'SecretID')),
    ...refs('config', within('Configs', 'ConfigID')),
  ];
}

/** The labels that a body gives what it creates; those that are no text are left out. */
export function labelsOf(body: unknown): Record<string, string> {
  const all = fieldValues(body, 'Labels').flatMap((labels) => Object.entries(fieldsOf(labels)));
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
