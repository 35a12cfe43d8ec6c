/** What a folder holds, in the shape of Portainer's browse API. */
import { lstat, opendir } from 'node:fs/promises';
import { Fault } from '../../protocol/fault.ts';
import type { OpenFolder } from './folder-walk.ts';

export interface ListedFile {
  readonly Name: string;
  /** Bytes. */
  readonly Size: number;
  readonly Dir: boolean;
  /** Seconds since 1970. */
  readonly ModTime: number;
}

const ENTRY_LIMIT = 20_000;
const AT_ONCE = 64;

/** Sorted by name; links are listed as they are, not as what they point to. Fault too-large past 20,000 entries. */
export async function listFolder(folder: OpenFolder): Promise<ListedFile[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder.entry(''))) {
    names.push(name);
    if (names.length > ENTRY_LIMIT) {
      throw new Fault('too-large', `The folder holds more than ${ENTRY_LIMIT} entries.`);
    }
  }
  names.sort();
  const files: ListedFile[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    const found = await Promise.all(some.map((name) => describe(folder, name)));
    files.push(...found.filter((file) => file !== undefined));
  }
  return files;
}

/** Undefined when it was removed meanwhile. */
async function describe(folder: OpenFolder, name: string): Promise<ListedFile | undefined> {
  const found = await lstat(folder.entry(name)).catch(() => undefined);
  if (!found) return undefined;
  const { size, mtimeMs } = found;
  return { Name: name, Size: size, Dir: found.isDirectory(), ModTime: Math.floor(mtimeMs / 1000) };
}
