/**
 * A file that comes as a multipart form and ends up in a folder: written beside its destination and renamed into place,
 * so that nobody sees half of it. When the form names the folder only after the file, it waits in a folder of our own.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Fault } from '../../protocol/fault.ts';
import type { BrowsePlace } from './browse-root.ts';
import { type OpenFolder, openFolder } from './folder-walk.ts';
import { readUploadForm } from './upload-form.ts';

export interface UploadOptions {
  /** The place that the form's field Path means; throws a Fault when it may not be written to. */
  place(path: string): Promise<BrowsePlace>;
  /** The agent's own folder. */
  readonly dataFolder: string;
}

const NEW_FILE_MODE = 0o644;
const LONGEST_NAME_BYTES = 255;

/** Resolves when the file is in place; rejects with a Fault, and then leaves nothing behind. */
export async function receiveUpload(
  request: IncomingMessage,
  { place, dataFolder }: UploadOptions,
): Promise<void> {
  await using waiting = new WaitingFile(join(dataFolder, 'uploads'));
  let isPlaced = false;
  const { path } = await readUploadForm(request, async (file) => {
    checkName(file.name);
    if (file.path === undefined) {
      await waiting.fill(file.bytes, file.name);
      return;
    }
    await putFile(await place(file.path), file.name, file.bytes);
    isPlaced = true;
  });
  if (isPlaced) return;
  if (path === undefined)
    throw new Fault('bad-request', 'Invalid request payload: Path is missing');
  if (waiting.name === undefined) {
    throw new Fault('bad-request', 'Invalid request payload: file is missing');
  }
  await putFile(await place(path), waiting.name, createReadStream(waiting.path));
}

function checkName(name: string): void {
  const isPlain = name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
  if (isPlain && Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return;
  throw new Fault('bad-request', 'The uploaded file has no usable name.');
}

/** Replaces a file of that name and keeps its owner and mode; makes the folders that are missing. */
async function putFile(place: BrowsePlace, name: string, bytes: Readable): Promise<void> {
  await using folder = await openFolder(place, { mayCreate: true });
  const fresh = folder.entry(`.upload-${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(fresh, 'wx', NEW_FILE_MODE);
    try {
      await file.chmod(NEW_FILE_MODE);
      await writeFile(file, bytes);
      await file.datasync();
      await keepOwner(folder, name, file);
    } finally {
      await file.close();
    }
    await rename(fresh, folder.entry(name));
  } finally {
    await rm(fresh, { force: true });
  }
}

async function keepOwner(folder: OpenFolder, name: string, file: FileHandle): Promise<void> {
  const old = await lstat(folder.entry(name)).catch(() => undefined);
  if (old?.isDirectory()) throw new Fault('conflict', 'There is a folder of that name.');
  if (!old?.isFile()) return;
  // Permitted to root only; without it the file is ours, as any new one.
  await file.chown(old.uid, old.gid).catch(() => undefined);
  await file.chmod(old.mode & 0o7777);
}

/** A file that has no destination yet; gone when disposed of. */
class WaitingFile implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  name: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, randomBytes(8).toString('hex'));
  }

  async fill(bytes: Readable, name: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'wx', 0o600);
    try {
      await writeFile(file, bytes);
    } finally {
      await file.close();
    }
    this.name = name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { force: true });
  }
}
