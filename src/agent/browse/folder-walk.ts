/**
 * Walks down from a root folder one open directory at a time, so that no link, not even one that a container swaps in
 * at the last moment, leads out of it. Linux: the directory that is open as N can be named /proc/self/fd/N.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink } from 'node:fs/promises';
import { Fault } from '../../protocol/fault.ts';
import { browseFault } from './browse-fault.ts';
import type { BrowsePlace, BrowseRoot } from './browse-root.ts';

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FOLDER_MODE = 0o755;
/** As Linux counts before it gives up. */
const LINK_LIMIT = 40;
const DEPTH_LIMIT = 256;

/** An open directory below a root; entries are named through it. */
export interface OpenFolder extends AsyncDisposable {
  /** Names an entry of this very directory, wherever it is moved meanwhile; '' names the directory itself. */
  entry(name: string): string;
}

export interface WalkOptions {
  /** Makes the folders that are missing. */
  readonly mayCreate?: boolean;
}

/** The directory at this place; rejects with a Fault when it does not exist, is none, or a link leads out of the root. */
export async function openFolder(
  { root, segments }: BrowsePlace,
  { mayCreate = false }: WalkOptions = {},
): Promise<OpenFolder> {
  const walk = await Walk.begin(root, segments, mayCreate);
  try {
    return await walk.toEnd();
  } catch (error) {
    throw browseFault(error);
  } finally {
    await walk.closeRest();
  }
}

/** A place as its folder and the name in it; Fault bad-request for a folder that has no name here, such as the root. */
export function splitPlace({ root, segments }: BrowsePlace): {
  readonly parent: BrowsePlace;
  readonly name: string;
} {
  const name = segments.at(-1);
  if (name === undefined || name === '..') throw new Fault('bad-request', 'Invalid path');
  return { parent: { root, segments: segments.slice(0, -1) }, name };
}

/** The place that a link at this place finally points to; a link that leads out of the root is a Fault forbidden. */
export async function followLinks(place: BrowsePlace): Promise<BrowsePlace> {
  let current = place;
  for (let links = 0; links <= LINK_LIMIT; links += 1) {
    const name = current.segments.at(-1);
    if (name === undefined || name === '..') return current;
    const parent = current.segments.slice(0, -1);
    await using folder = await openFolder({ root: place.root, segments: parent });
    const target = await linkTarget(folder.entry(name));
    if (target === undefined) return current;
    current = { root: place.root, segments: linkedSegments(place.root, parent, target) };
  }
  throw new Fault('bad-request', 'Too many symbolic links.');
}

class Walk {
  readonly #root: BrowseRoot;
  readonly #mayCreate: boolean;
  readonly #open: FileHandle[];
  #left: string[];
  #links = 0;

  private constructor(root: BrowseRoot, first: FileHandle, left: string[], mayCreate: boolean) {
    this.#root = root;
    this.#open = [first];
    this.#left = left;
    this.#mayCreate = mayCreate;
  }

  static async begin(root: BrowseRoot, segments: readonly string[], mayCreate: boolean) {
    try {
      // The root itself may be reached through links: it is the operator's or the engine's word.
      const first = await open(root.folder, constants.O_RDONLY | constants.O_DIRECTORY);
      return new Walk(root, first, [...segments], mayCreate);
    } catch (error) {
      throw browseFault(error);
    }
  }

  async toEnd(): Promise<OpenFolder> {
    for (let name = this.#left.shift(); name !== undefined; name = this.#left.shift()) {
      if (name === '..') await this.#up();
      else await this.#down(name);
    }
    const last = this.#open.pop();
    if (!last) throw new Fault('internal', 'The walk lost its folder.');
    return {
      entry: (name) => entryOf(last, name),
      [Symbol.asyncDispose]: () => last.close(),
    };
  }

  async closeRest(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((handle) => handle.close()));
  }

  async #down(name: string): Promise<void> {
    if (this.#open.length > DEPTH_LIMIT) throw new Fault('bad-request', 'The path is too deep.');
    const path = entryOf(this.#current, name);
    try {
      this.#open.push(await open(path, FOLDER_FLAGS));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && this.#mayCreate) {
        await mkdir(path, FOLDER_MODE);
        this.#open.push(await open(path, FOLDER_FLAGS));
        return;
      }
      const target = await linkTarget(path);
      if (target === undefined) throw error;
      await this.#follow(target);
    }
  }

  async #follow(target: string): Promise<void> {
    this.#links += 1;
    if (this.#links > LINK_LIMIT) throw new Fault('bad-request', 'Too many symbolic links.');
    this.#left = linkedSegments(this.#root, [], target).concat(this.#left);
    if (!target.startsWith('/')) return;
    await Promise.all(this.#open.splice(1).map((handle) => handle.close()));
  }

  async #up(): Promise<void> {
    if (this.#open.length > 1) await this.#open.pop()?.close();
    else if (!this.#root.isWholeHost) throw leadsOut();
  }

  get #current(): FileHandle {
    const handle = this.#open.at(-1);
    if (!handle) throw new Fault('internal', 'The walk lost its folder.');
    return handle;
  }
}

function entryOf(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

/** Undefined when this is no link, or nothing at all. */
async function linkTarget(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() ? await readlink(path) : undefined;
}

/** The path of a link that lies in `folder`, as segments from the root; '..' is left to the walk. */
function linkedSegments(root: BrowseRoot, folder: readonly string[], target: string): string[] {
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (!target.startsWith('/')) return [...folder, ...segments];
  if (root.isWholeHost) return segments;
  throw leadsOut();
}

function leadsOut(): Fault {
  return new Fault('forbidden', 'A symbolic link on this path leads out of the volume.');
}
