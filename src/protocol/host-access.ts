/**
 * What in the body of a call reaches out of the container: privileges, namespaces and files of the host. Docker has several
 * spellings of the same wish, so each is looked for; a body that can't be read as what it claims to be counts as a wish too.
 */
import { withoutVersion } from './docker-call.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isFilled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : Object.keys(fieldsOf(value)).length > 0;

const NAMESPACES = ['PidMode', 'NetworkMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'];
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
  const wanted = name.toLowerCase();
  const found = Object.keys(fields).filter((key) => key.toLowerCase() === wanted);
  // Of several spellings Docker takes the last; whichever it is, a wish in any of them counts.
  return found.map((key) => fields[key]).find((value) => isFilled(value) || Boolean(value));
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
  if (plain === '/containers/create') return ofHostConfig(fieldsOf(field(fields, 'HostConfig')));
  if (/^\/containers\/[^/]+\/update$/.test(plain)) return ofHostConfig(fields);
  if (/^\/containers\/[^/]+\/exec$/.test(plain)) {
    return field(fields, 'Privileged') === true ? 'all privileges' : undefined;
  }
  if (plain === '/volumes/create') {
    if (isFilled(field(fields, 'DriverOpts'))) return 'a volume with options of its driver';
    const driver = field(fields, 'Driver');
    return driver === undefined || driver === 'local' ? undefined : `the volume driver ${driver}`;
  }
  if (/^\/services\/(create|[^/]+\/update)$/.test(plain)) return ofService(fields);
  return undefined;
}

function ofService(fields: Fields): string | undefined {
  const template = fieldsOf(field(fields, 'TaskTemplate'));
  const container = fieldsOf(field(template, 'ContainerSpec'));
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
