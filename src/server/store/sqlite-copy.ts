/** A copy of a database that is in use, without holding anybody up. */
import { constants, copyFile } from 'node:fs/promises';
import { Fault } from '../../protocol/fault.ts';
import type { SqlFile } from './sqlite-file.ts';

/** SQLite's own default, in pages. */
const AUTOCHECKPOINT = 'PRAGMA wal_autocheckpoint = 1000';

let copying: Promise<unknown> = Promise.resolve();

/**
 * Copies the database at `path`, which `file` has open and holds alone, into a new file. The log is written back once; from then
 * on commits go into the log only, so the file stands still while it is copied. One copy at a time.
 */
export function copyDatabase(file: SqlFile, path: string, copy: string): Promise<void> {
  const copied = copying.then(async () => {
    file.exec('PRAGMA wal_autocheckpoint = 0');
    try {
      writeBack(file);
      await copyFile(path, copy, constants.COPYFILE_EXCL);
    } finally {
      file.exec(AUTOCHECKPOINT);
    }
  });
  copying = copied.catch(() => undefined);
  return copied;
}

function writeBack(file: SqlFile): void {
  const [row] = file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as { busy: number }[];
  if (row?.busy === 0) return;
  throw new Fault('internal', 'The database is being read at this very moment; ask again.');
}
