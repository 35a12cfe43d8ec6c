/** PCI devices of this machine from sysfs, named by the host's own pci.ids when it has one, else by their numbers. */
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PciDevice {
  readonly Vendor: string;
  readonly Name: string;
}

interface PciNumbers {
  /** Four hexadecimal digits. */
  readonly vendor: string;
  readonly device: string;
}

const NAME_FILES = ['usr/share/misc/pci.ids', 'usr/share/hwdata/pci.ids'];

/** In the order of their slots; [] when sysfs can't be read. `hostRoot` is where the host's files are, if not at /. */
export async function pciDevices(
  sysfs: string,
  hostRoot: string | undefined,
): Promise<PciDevice[]> {
  const folder = join(sysfs, 'bus/pci/devices');
  const slots = await readdir(folder).catch(() => []);
  const numbers: PciNumbers[] = [];
  for (const slot of slots.sort()) {
    const vendor = await readNumber(join(folder, slot, 'vendor'));
    const device = await readNumber(join(folder, slot, 'device'));
    if (vendor && device) numbers.push({ vendor, device });
  }
  if (numbers.length === 0) return [];
  const names = await readNames(numbers, hostRoot);
  return numbers.map(({ vendor, device }) => ({
    Vendor: names.get(vendor) ?? `0x${vendor}`,
    Name: names.get(`${vendor} ${device}`) ?? `0x${device}`,
  }));
}

async function readNumber(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^0x([0-9a-f]{4})\s*$/i.exec(text)?.[1]?.toLowerCase();
}

/** Names by "VENDOR" and "VENDOR DEVICE", of these numbers only: the whole file would be megabytes of text. */
async function readNames(
  numbers: readonly PciNumbers[],
  hostRoot: string | undefined,
): Promise<Map<string, string>> {
  const wanted = new Set(numbers.flatMap(({ vendor, device }) => [vendor, `${vendor} ${device}`]));
  const roots = hostRoot === undefined ? ['/'] : [hostRoot, '/'];
  for (const file of roots.flatMap((root) => NAME_FILES.map((name) => join(root, name)))) {
    const names = await namesIn(file, wanted).catch(() => undefined);
    if (names) return names;
  }
  return new Map();
}

/** Lines are "VVVV  vendor" and below it, after a tab, "DDDD  device"; rejects when the file can't be read. */
async function namesIn(file: string, wanted: ReadonlySet<string>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let vendor = '';
  const handle = await open(file);
  for await (const line of handle.readLines()) {
    const [, tabs = '', number = '', name = ''] = /^(\t?)([0-9a-f]{4}) {2}(.+)$/.exec(line) ?? [];
    if (tabs === '' && number !== '') vendor = number;
    const key = tabs === '' ? number : `${vendor} ${number}`;
    if (number !== '' && wanted.has(key)) names.set(key, name.trim());
  }
  return names;
}
