/** What the agent tells of its machine, from a made-up sysfs, and of Docker Hub, from a made-up hub. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pciDevices } from '../../src/agent/host/pci-devices.ts';
import { physicalDisks } from '../../src/agent/host/physical-disks.ts';
import { pullLimits } from '../../src/agent/host/pull-limits.ts';
import { listenHttp } from '../support/listeners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

test('disks by size and name; virtual and empty ones are none', async () => {
  await using sys = await temporaryFolder();
  await write(sys.path, {
    'devices/pci0/sda/size': '2048\n',
    'devices/pci0/sda/device/vendor': 'ATA     \n',
    'devices/pci0/sda/device/model': 'Disk 1\n',
    'devices/pci0/vda/size': '1\n',
    'devices/pci0/vda/device/vendor': '0x1af4\n',
    'devices/pci0/sr0/size': '0\n',
    'devices/virtual/block/loop0/size': '4096\n',
  });
  await mkdir(join(sys.path, 'block'));
  for (const name of ['pci0/vda', 'pci0/sda', 'pci0/sr0', 'virtual/block/loop0']) {
    await symlink(`../devices/${name}`, join(sys.path, 'block', name.split('/').at(-1) ?? ''));
  }
  expect(await physicalDisks(sys.path)).toEqual([
    { Vendor: 'ATA Disk 1', Size: 1_048_576 },
    { Vendor: 'unknown', Size: 512 },
  ]);
  expect(await physicalDisks('/nowhere')).toEqual([]);
});

test('PCI devices by name where the host has names, else by number', async () => {
  await using sys = await temporaryFolder();
  await write(sys.path, {
    'bus/pci/devices/0000:00:01.0/vendor': '0x8086\n',
    'bus/pci/devices/0000:00:01.0/device': '0x7010\n',
    'bus/pci/devices/0000:00:02.0/vendor': '0xfffe\n',
    'bus/pci/devices/0000:00:02.0/device': '0x0001\n',
    'host/usr/share/misc/pci.ids':
      '# list\n1000  Other\n\t7010  Not this\n8086  Intel Corporation\n\t7010  82371SB PIIX3 IDE\n\t\t1af4 1100  Sub\n',
  });
  expect(await pciDevices(sys.path, join(sys.path, 'host'))).toEqual([
    { Vendor: 'Intel Corporation', Name: '82371SB PIIX3 IDE' },
    { Vendor: '0xfffe', Name: '0x0001' },
  ]);
  expect(await pciDevices('/nowhere', undefined)).toEqual([]);
});

const signal = new AbortController().signal;

test('the limits of Docker Hub, for an account and for nobody', async () => {
  const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`;
  await using hub = await listenHttp((request, response) => {
    const { authorization } = request.headers;
    if (request.url === '/token') {
      const isGood = authorization === undefined || authorization === basic;
      response
        .writeHead(isGood ? 200 : 401)
        .end(JSON.stringify({ token: authorization ?? 'none' }));
      return;
    }
    const limit = authorization === `Bearer ${basic}` ? '200;w=21600' : '100;w=21600';
    response.writeHead(200, { 'RateLimit-Limit': limit, 'RateLimit-Remaining': '7;w=21600' }).end();
  });
  const at = {
    tokenUrl: `http://${hub.where}/token`,
    manifestUrl: `http://${hub.where}/m`,
    signal,
  };
  const ask = (username?: string) =>
    pullLimits({ ...at, account: username ? { username, password: 'pw' } : undefined });
  expect(await ask('me')).toEqual({ remaining: 7, limit: 200 });
  expect(await ask()).toEqual({ remaining: 7, limit: 100 });
  await expect(ask('you')).rejects.toMatchObject({ code: 'wrong-password' });
});

test('without Docker Hub, or without a limit, there is nothing to tell', async () => {
  await using hub = await listenHttp((_, response) => response.end('{"token":"t"}'));
  const urls = (where: string) => ({
    tokenUrl: `http://${where}/`,
    manifestUrl: `http://${where}/`,
  });
  expect(await pullLimits({ account: undefined, signal, ...urls(hub.where) })).toBeUndefined();
  expect(await pullLimits({ account: undefined, signal, ...urls('127.0.0.1:1') })).toBeUndefined();
});
