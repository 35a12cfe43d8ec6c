/** Disks of this machine from sysfs, which shows the host's even inside a container. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

export interface PhysicalDisk {
  readonly Vendor: string;
  /** Bytes. */
  readonly Size: number;
}

/** sysfs counts in these whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;

/** Without loop devices, RAM disks, device mapper and empty drives; [] when sysfs can't be read. */
export async function physicalDisks(sysfs: string): Promise<PhysicalDisk[]> {
  const folder = join(sysfs, 'block');
  const names = await readdir(folder).catch(() => []);
  const disks = await Promise.all(names.sort().map((name) => readDisk(join(folder, name))));
  return disks.filter((disk) => disk !== undefined);
}

async function readDisk(folder: string): Promise<PhysicalDisk | undefined> {
  const device = await realpath(folder).catch(() => '');
  if (device === '' || device.includes('/virtual/')) return undefined;
  const size = Number(await readWords(join(folder, 'size'))) * SECTOR_BYTES;
  if (!(size > 0)) return undefined;
  const vendor = await readWords(join(folder, 'device/vendor'));
  const model = await readWords(join(folder, 'device/model'));
  // A PCI number such as 0x1af4 is no name.
  const words = [vendor.startsWith('0x') ? '' : vendor, model].filter(Boolean).join(' ');
  return { Vendor: words || 'unknown', Size: size };
}

async function readWords(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}
