/**
 * What in the body of a call reaches out of the container: privileges, namespaces and files of the host. Docker has several
 * spellings of the same wish, so each is looked for; a body that can't be read as what it claims to be counts as a wish too.
 */
import { withoutVersion } from './docker-call.ts';
import { type Fields, fieldsOf, folded, isFields, listOf } from './docker-fields.ts';

const isFilled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : Object.keys(fieldsOf(value)).length > 0;

const NAMESPACES = ['PidMode', 'NetworkMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'];
const LOCAL_LOGS: ReadonlySet<string> = new Set(['json-file', 'local', 'journald', 'none']);
const LISTS = {
  Devices: 'devices',
  DeviceRequests: 'devices',
  DeviceCgroupRules: 'device rules',
  CapAdd: 'capabilities',
  SecurityOpt: 'security options',
  Sysctls: 'kernel settings',
  VolumesFrom: 'the volumes of another container',
} as const;

/** JSON keys are read by Docker without regard to case; we read them the same way. */
function field(fields: Fields, name: string): unknown {
  const wanted = folded(name);
  const key = Object.keys(fields).find((one) => folded(one) === wanted);
  return key === undefined ? undefined : fields[key];
}

/** Whose keys are names that people chose, and differ by case. */
const OWN_NAMES = new Set(
  ['Labels', 'Annotations', 'Options', 'DriverOpts', 'Sysctls', 'Config', 'ExposedPorts'].map(
    folded,
  ),
);

/** Whether a key stands twice in different spellings: Docker takes one or merges them, and nobody shall guess which. */
function saysTwice(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(saysTwice);
  if (!isFields(value)) return false;
  const keys = Object.keys(value).map(folded);
  if (new Set(keys).size < keys.length) return true;
  return Object.entries(value).some(
    ([key, held]) => !OWN_NAMES.has(folded(key)) && saysTwice(held),
  );
}

function ofHostConfig(host: Fields): string | undefined {
  if (field(host, 'Privileged') === true) return 'all privileges';
  for (const name of NAMESPACES) {
    const value = field(host, name);
    if (typeof value === 'string' && /^(host$|ns:|container:)/.test(value)) {
      return `the namespace ${name} of ${value === 'host' ? 'the host' : value}`;
    }
  }
  for (const [name, words] of Object.entries(LISTS)) if (isFilled(field(host, name))) return words;
  // An empty list is the wish here: it uncovers what Docker covers by itself.
  for (const name of ['MaskedPaths', 'ReadonlyPaths'])
    if (listOf(field(host, name)) === field(host, name)) return "the kernel's own files";
  const log = field(fieldsOf(field(host, 'LogConfig')), 'Type');
  if (log && !LOCAL_LOGS.has(String(log))) return 'a log driver that speaks to others';
  for (const name of ['CgroupParent', 'Runtime'])
    if (field(host, name)) return `a ${name} of its own`;
  const isHostPath = (bind: unknown) => typeof bind !== 'string' || /^[/\\.~]/.test(bind);
  if (listOf(field(host, 'Binds')).some(isHostPath)) return 'a folder of the host';
  return ofMounts(field(host, 'Mounts'));
}

function ofMounts(mounts: unknown): string | undefined {
  for (const mount of listOf(mounts)) {
    const fields = fieldsOf(mount);
    const kind = field(fields, 'Type');
    if (kind !== 'volume' && kind !== 'tmpfs') return 'a folder of the host';
    const driver = field(fieldsOf(field(fields, 'VolumeOptions')), 'DriverConfig');
    if (isFilled(driver)) return 'a volume with a driver of its own';
  }
  return undefined;
}

/** Why a call reaches the host, as a noun ("a folder of the host"), or undefined when it does not. */
export function hostAccess(path: string, body: unknown): string | undefined {
  const plain = withoutVersion(path);
  const fields = fieldsOf(body);
  if (!isFields(body)) return 'a body that is no JSON object';
  if (saysTwice(body)) return 'the same thing twice, in different spellings';
  if (plain === '/containers/create') {
    return ofHostConfig(fieldsOf(field(fields, 'HostConfig'))) ?? ofEndpoints(fields);
  }
  if (/^\/containers\/[^/]+\/update$/.test(plain)) return ofHostConfig(fields);
  if (/^\/containers\/[^/]+\/exec$/.test(plain)) {
    return field(fields, 'Privileged') === true ? 'all privileges' : undefined;
  }
  if (plain === '/volumes/create') {
    if (isFilled(field(fields, 'DriverOpts'))) return 'a volume with options of its driver';
    if (isFilled(field(fields, 'ClusterVolumeSpec'))) return 'a volume of the cluster';
    const driver = field(fields, 'Driver');
    return driver === undefined || driver === 'local' ? undefined : `the volume driver ${driver}`;
  }
  if (/^\/services\/(create|[^/]+\/update)$/.test(plain)) return ofService(fields);
  return undefined;
}

function ofEndpoints(fields: Fields): string | undefined {
  const endpoints = field(fieldsOf(field(fields, 'NetworkingConfig')), 'EndpointsConfig');
  const isHost = Object.keys(fieldsOf(endpoints)).includes('host');
  return isHost ? 'the namespace NetworkMode of the host' : undefined;
}

function ofService(fields: Fields): string | undefined {
  const template = fieldsOf(field(fields, 'TaskTemplate'));
  const container = fieldsOf(field(template, 'ContainerSpec'));
  if (field(template, 'PluginSpec')) return 'a plugin';
  const networks = [field(template, 'Networks'), field(fields, 'Networks')].flatMap(listOf);
  if (networks.some((network) => field(fieldsOf(network), 'Target') === 'host')) {
    return "the host's network";
  }
  if (isFilled(field(container, 'CapabilityAdd'))) return 'capabilities';
  if (isFilled(field(container, 'Sysctls'))) return 'kernel settings';
  if (isFilled(field(container, 'Privileges'))) return 'security options';
  return ofMounts(field(container, 'Mounts'));
}

/** Whether a call's body decides what it reaches, so that it must be read before it is passed on. */
export function bodyDecides(method: string, path: string): boolean {
  return (
    method === 'POST' &&
    /^\/(containers\/create|containers\/[^/]+\/(exec|update)|volumes\/create|services\/(create|[^/]+\/update))$/.test(
      withoutVersion(path),
    )
  );
}
