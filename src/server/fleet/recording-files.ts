/** The files of recordings in the data folder: what they are called, how large one may be, and which of them a backup takes along. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Within the data folder. */
export const RECORDING_FOLDER = 'recordings';
/** A moment in milliseconds, so that the newest name sorts last. */
export const RECORDING_FILE = /^\d{13}-[0-9a-f]{12}\.cast$/;
const MEGABYTE = 1 << 20;
/** One session that goes on for ever must not push out all others. */
export const MAX_RECORDING_BYTES = 32 * MEGABYTE;
/** Of all in one archive, which a restore takes as one upload. */
export const MAX_BACKED_UP_BYTES = 1_024 * MEGABYTE;

export interface PickedRecordings {
  /** The newest first. */
  readonly names: readonly string[];
  /** Older ones that the bound leaves no room for. */
  readonly leftOut: number;
}

/** What goes into a backup of this data folder: the newest, as many as fit. */
export async function pickRecordings(
  dataFolder: string,
  maxBytes = MAX_BACKED_UP_BYTES,
): Promise<PickedRecordings> {
  const folder = join(dataFolder, RECORDING_FOLDER);
  const present = await readdir(folder).catch(() => []);
  const all = present
    .filter((name) => RECORDING_FILE.test(name))
    .sort()
    .reverse();
  const names: string[] = [];
  let left = maxBytes;
  for (const name of all) {
    // One may be let go of at this very moment.
    left -= await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
    if (left < 0) break;
    names.push(name);
  }
  return { names, leftOut: all.length - names.length };
}
