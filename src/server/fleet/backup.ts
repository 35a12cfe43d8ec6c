/**
 * Backups: everything by which a server is itself again on an empty machine (accounts, environments, keys, audit trail,
 * recordings), as one encrypted archive. Restored files wait beside the old ones until the next start puts them in place, so that a crash at any
 * moment leaves either the old server or the restored one.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, type Pack, pack } from 'tar-stream';
import { z } from 'zod';
import { nextOf } from '../../link/key-wrap.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { Store } from '../store/store.ts';
import { decrypted, encrypted } from './backup-cipher.ts';
import {
  MAX_BACKED_UP_BYTES,
  MAX_RECORDING_BYTES,
  pickRecordings,
  RECORDING_FILE,
  RECORDING_FOLDER,
} from './recording-files.ts';

const DATABASE = 'fleet.db';
const MANIFEST = 'backup.json';
const REQUIRED = [DATABASE, 'portainer.key'];
/** Besides the database; what a server does not have is left out. With those of a change of the secret key that broke off. */
const KEY_FILES = [
  'portainer.key',
  'link-keys.json',
  'cert.pem',
  'key.pem',
  'https.pem',
  'secret.key',
].flatMap((name) => [name, nextOf(name)]);
const NAMES: ReadonlySet<string> = new Set([MANIFEST, DATABASE, ...KEY_FILES]);
const RECORDING_PREFIX = `${RECORDING_FOLDER}/`;
const SMALL_BYTES = 1 << 20;
const PART = 'restored.part';
const READY = 'restored';

const manifestSchema = z.object({
  product: z.literal('fleet-server'),
  version: z.string(),
  schemaVersion: z.int(),
  madeAtMs: z.number(),
  files: z.array(z.string()),
});

/** Where a running server's backups come from and go to. */
export interface BackupPlace {
  readonly dataFolder: string;
  /** As it lies on disk, its secrets sealed. */
  readonly store: Store;
  readonly now: () => number;
  /** Says that the server shall stop, to start on what was restored. */
  restored(): void;
}

export interface BackupWish {
  readonly dataFolder: string;
  readonly store: Store;
  readonly password: string;
  readonly nowMs: number;
  /** False leaves the recordings out; else the newest that have room go with the rest. */
  readonly withRecordings: boolean;
}

export interface Backup {
  /** What it needs on disk while it is made is gone when the stream is closed. */
  readonly archive: Readable;
  /** Recordings for which there was no room. */
  readonly leftOut: number;
}

/** Fault bad-request for no password: the archive holds every key of the fleet. */
export function checkBackupPassword(password: string): void {
  if (password !== '') return;
  throw new Fault('bad-request', 'A backup needs a password', {
    details: 'It holds the keys of the whole fleet and is never written unencrypted.',
  });
}

/** The encrypted archive as it is made. */
export async function makeBackup(wish: BackupWish): Promise<Backup> {
  checkBackupPassword(wish.password);
  const { names, leftOut } = wish.withRecordings
    ? await pickRecordings(wish.dataFolder)
    : { names: [], leftOut: 0 };
  const copy = join(wish.dataFolder, `backup-${randomUUID()}.db`);
  const clear = () => rm(copy, { force: true });
  try {
    await wish.store.copyTo(copy);
    const archive = pack();
    const filled = fill(archive, copy, wish)
      .then(() => addRecordings(archive, wish.dataFolder, names))
      .catch((thrown: Error) => archive.destroy(thrown));
    const packed = createGzip();
    const piped = pipeline(archive, packed).catch((thrown: Error) => packed.destroy(thrown));
    const sealed = Readable.from(encrypted(packed, wish.password), { objectMode: false });
    sealed.once('close', () => {
      archive.destroy();
      packed.destroy();
      void Promise.all([filled, piped]).finally(clear);
    });
    return { archive: sealed, leftOut };
  } catch (thrown) {
    await clear();
    throw thrown;
  }
}

async function fill(archive: Pack, copy: string, wish: BackupWish): Promise<void> {
  const { dataFolder, store, nowMs: madeAtMs } = wish;
  const present = await readdir(dataFolder);
  const files = [...KEY_FILES.filter((name) => present.includes(name)), DATABASE];
  const { schemaVersion } = store;
  const about = {
    product: 'fleet-server',
    version: PRODUCT_VERSION,
    schemaVersion,
    madeAtMs,
    files,
  };
  archive.entry({ name: MANIFEST, mode: 0o600 }, JSON.stringify(about));
  for (const name of files) {
    await addFile(archive, name, name === DATABASE ? copy : join(dataFolder, name));
  }
}

/** One that is let go of meanwhile is left out; of one that goes on, what there is. */
async function addRecordings(
  archive: Pack,
  dataFolder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const path = join(dataFolder, RECORDING_FOLDER, name);
    await addFile(archive, RECORDING_PREFIX + name, path).catch((thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    });
  }
  archive.finalize();
}

/** The file as it is when it is opened: keys may be replaced and recordings grow at any moment. */
async function addFile(archive: Pack, name: string, path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const entry = { name, size, mode: 0o600 };
    if (size === 0) {
      archive.entry(entry, '');
      return;
    }
    const bytes = file.createReadStream({ end: size - 1, autoClose: false });
    await pipeline(bytes, archive.entry(entry));
  } finally {
    await file.close();
  }
}

/**
 * Unpacks an archive beside the data, for the next start to put in place. Fault bad-request for a wrong password, what is no
 * backup of ours, one that was changed, and one of a newer program than `schemaVersion`.
 */
export async function unpackBackup(
  archive: Readable,
  place: { readonly dataFolder: string; readonly password: string; readonly schemaVersion: number },
): Promise<void> {
  const part = join(place.dataFolder, PART);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    await unpack(archive, part, place.password);
    await checkUnpacked(part, place.schemaVersion);
    await rm(join(place.dataFolder, READY), { recursive: true, force: true });
    await rename(part, join(place.dataFolder, READY));
  } catch (thrown) {
    await rm(part, { recursive: true, force: true });
    throw asFault(thrown, 'bad-request', 'The archive can not be unpacked: it was cut or changed.');
  }
}

async function unpack(archive: Readable, folder: string, password: string): Promise<void> {
  await mkdir(join(folder, RECORDING_FOLDER), { mode: 0o700 });
  const entries = extract();
  let recordedBytes = 0;
  entries.on('entry', ({ name, size = 0, type }, stream, next) => {
    if (isRecording(name)) recordedBytes += size;
    const isFitting = size <= mostBytesOf(name) && recordedBytes <= MAX_BACKED_UP_BYTES;
    if (type !== 'file' || !isFitting) {
      next(new Fault('bad-request', 'The archive holds something that is no part of a backup.'));
      return;
    }
    const file = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600, flush: true });
    pipeline(stream, file).then(() => next(), next);
  });
  const open = (bytes: AsyncIterable<Buffer>) => decrypted(bytes, password);
  await pipeline(archive, open, createGunzip(), entries);
}

const isRecording = (name: string): boolean =>
  name.startsWith(RECORDING_PREFIX) && RECORDING_FILE.test(name.slice(RECORDING_PREFIX.length));

/** Less than nothing for what is no part of a backup. */
function mostBytesOf(name: string): number {
  if (name === DATABASE) return Number.POSITIVE_INFINITY;
  if (isRecording(name)) return MAX_RECORDING_BYTES + SMALL_BYTES;
  return NAMES.has(name) ? SMALL_BYTES : -1;
}

async function checkUnpacked(folder: string, schemaVersion: number): Promise<void> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => '{}');
  const manifest = manifestSchema.safeParse(JSON.parse(text));
  const present = await readdir(folder);
  if (!manifest.success || !REQUIRED.every((name) => present.includes(name))) {
    throw new Fault('bad-request', 'The archive is no backup of fleet-server.');
  }
  if (!manifest.data.files.every((name) => present.includes(name))) {
    throw new Fault('bad-request', 'The archive lacks files that its list names.');
  }
  if (manifest.data.schemaVersion <= schemaVersion) return;
  throw new Fault('bad-request', 'The backup is of a newer fleet-server.', {
    details: `It was made by version ${manifest.data.version}. Restore it with that one.`,
  });
}

/** Whether a restored server waits to be put in place. */
export async function isRestoreWaiting(dataFolder: string): Promise<boolean> {
  const present: string[] = await readdir(dataFolder).catch(() => []);
  return present.includes(READY);
}

/** Puts what was unpacked in place of what is there; begun anew after a crash. Only while nobody has the store open. */
export async function putRestoredInPlace(dataFolder: string): Promise<void> {
  const ready = join(dataFolder, READY);
  const waiting = await readdir(ready);
  // Of a server that never had an administrator nothing is worth keeping; a key of it beside the restored ones would lie.
  if (waiting.includes(MANIFEST)) {
    for (const name of KEY_FILES) await rm(join(dataFolder, name), { force: true });
    await rm(join(dataFolder, RECORDING_FOLDER), { recursive: true, force: true });
    await rm(join(ready, MANIFEST));
  }
  for (const suffix of ['-wal', '-shm', '-journal']) {
    await rm(join(dataFolder, DATABASE + suffix), { force: true });
  }
  for (const name of [...KEY_FILES, DATABASE, RECORDING_FOLDER]) {
    if (waiting.includes(name)) await rename(join(ready, name), join(dataFolder, name));
  }
  await syncFolder(dataFolder);
  await rm(ready, { recursive: true, force: true });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}
