/** Every spelling by which a body reaches for the host is found, and what stays inside is let through. */
import { expect, test } from 'vitest';
import { bodyDecides, hostAccess } from '../../src/protocol/host-access.ts';

const create = (HostConfig: object) =>
  ['/v1.45/containers/create', { Image: 'x', HostConfig }] as const;
const spec = (ContainerSpec: object) =>
  ['/services/create', { TaskTemplate: { ContainerSpec } }] as const;

test.each([
  create({ Privileged: true }),
  create({ privileged: true }),
  create({ PidMode: 'host' }),
  create({ NetworkMode: 'host' }),
  create({ IpcMode: 'container:other' }),
  create({ UsernsMode: 'host' }),
  create({ CgroupnsMode: 'host' }),
  create({ Devices: [{ PathOnHost: '/dev/sda' }] }),
  create({ DeviceRequests: [{ Driver: 'nvidia' }] }),
  create({ DeviceCgroupRules: ['a *:* rwm'] }),
  create({ CapAdd: ['SYS_ADMIN'] }),
  create({ SecurityOpt: ['seccomp=unconfined'] }),
  create({ Sysctls: { 'net.ipv4.ip_forward': '1' } }),
  create({ Binds: ['data:/data', '/:/host'] }),
  create({ BINDS: ['/:/host'] }),
  create({ Binds: ['../x:/host'] }),
  create({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
  create({ Mounts: [{ Source: '/', Target: '/host' }] }),
  create({ Mounts: [{ Type: 'npipe' }] }),
  create({
    Mounts: [
      {
        Type: 'volume',
        VolumeOptions: { DriverConfig: { Name: 'local', Options: { o: 'bind' } } },
      },
    ],
  }),
  create({ VolumesFrom: ['other'] }),
  create({ MaskedPaths: [] }),
  create({ ReadonlyPaths: ['/proc/bus'] }),
  create({ LogConfig: { Type: 'syslog', Config: { 'syslog-address': 'unix:///run/x' } } }),
  create({ Mounts: [{ Type: 'volume', type: 'bind', Source: '/', Target: '/host' }] }),
  create({
    Mounts: [{ Type: 'volume', VolumeOptionſ: { DriverConfig: { Options: { o: 'bind' } } } }],
  }),
  create({ Bindſ: ['/:/host'] }),
  ['/containers/create', { HostConfig: {}, hostconfig: { Privileged: true } }] as const,
  ['/containers/create', { HostConfig: {}, HoſtConfig: { Privileged: true } }] as const,
  ['/containers/create', { NetworkingConfig: { EndpointsConfig: { host: {} } } }] as const,
  ['/containers/x/update', { Deviceſ: [{}] }] as const,
  ['/services/x/update', { TaskTemplate: { PluginSpec: { Remote: 'evil/plugin' } } }] as const,
  ['/services/x/update', { TaskTemplate: { Networks: [{ Target: 'host' }] } }] as const,
  ['/volumes/create', { ClusterVolumeSpec: { Group: 'x' } }] as const,
  create({ CgroupParent: '/' }),
  create({ Runtime: 'own' }),
  ['/containers/create', [1]] as const,
  ['/containers/create', 'text'] as const,
  ['/containers/x/exec', { Cmd: ['id'], Privileged: true }] as const,
  ['/containers/x/update', { Devices: [{}] }] as const,
  [
    '/volumes/create',
    { Driver: 'local', DriverOpts: { type: 'none', o: 'bind', device: '/' } },
  ] as const,
  ['/volumes/create', { Driver: 'sshfs' }] as const,
  spec({ Mounts: [{ Type: 'bind', Source: '/' }] }),
  spec({ CapabilityAdd: ['ALL'] }),
])('%s %j reaches for the host', (path, body) => {
  expect(hostAccess(path, body)).toEqual(expect.any(String));
  expect(bodyDecides('POST', path)).toBe(true);
});

test.each([
  create({ Binds: ['data:/data'], Memory: 1 << 20, RestartPolicy: { Name: 'always' } }),
  create({
    Mounts: [
      { Type: 'volume', Source: 'data', Target: '/data' },
      { Type: 'tmpfs', Target: '/t' },
    ],
  }),
  create({ NetworkMode: 'bridge', PidMode: '', Privileged: false, CapAdd: [], CapDrop: ['ALL'] }),
  ['/containers/create', { Image: 'x', Labels: { a: '1', A: '2' } }] as const,
  create({ LogConfig: { Type: 'local', Config: {} }, MaskedPaths: null }),
  ['/containers/x/exec', { Cmd: ['id'] }] as const,
  ['/containers/x/update', { Memory: 1 }] as const,
  ['/volumes/create', { Name: 'data' }] as const,
  spec({ Image: 'x', Mounts: [{ Type: 'volume' }] }),
])('%s %j stays inside', (path, body) => {
  expect(hostAccess(path, body)).toBeUndefined();
});
