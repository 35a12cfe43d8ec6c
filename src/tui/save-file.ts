/** Writes what a view shows to a new file of the person's own: never over another, readable by nobody else. */
import { open, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EffectOf } from './effect-rows.ts';
import type { SaveOutcome } from './model/log-event.ts';

const PIECE_UNITS = 256 * 1024;
/** Longer names some file systems refuse. */
const STEM_UNITS = 120;
const MAX_TRIES = 1_000;

/** Saves into `folder`, by default the working folder; a taken name gets a number. Never rejects. */
export async function saveFile(
  { stem, ending, lines }: EffectOf<'save-file'>,
  folder: string = process.cwd(),
): Promise<SaveOutcome> {
  const name = stem.replace(/^[.-]+/, '').slice(0, STEM_UNITS) || 'log';
  for (let number = 1; number <= MAX_TRIES; number++) {
    const path = resolve(folder, `${name}${number > 1 ? `-${number}` : ''}.${ending}`);
    try {
      return { path, ...(await writeNew(path, lines)) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      return { why: `${path} can't be written: ${WORDS[code] ?? message}.` };
    }
  }
  return { why: `${folder} has ${MAX_TRIES} files named ${name} already; move some away.` };
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this folder is not yours to write to; start fleet-tui in another',
  EROFS: 'the file system is read-only; start fleet-tui in another folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  ENOENT: 'the folder is gone',
};

async function writeNew(path: string, lines: Iterable<string>) {
  const file = await open(path, 'wx', 0o600);
  let count = 0;
  let bytes = 0;
  try {
    let piece = '';
    const flush = async () => {
      bytes += (await file.write(piece)).bytesWritten;
      piece = '';
    };
    for (const line of lines) {
      piece += `${line}\n`;
      count++;
      if (piece.length >= PIECE_UNITS) await flush();
    }
    await flush();
    await file.close();
    return { lines: count, bytes };
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw error;
  }
}
