/** The first administrator's password: made once, readable by its owner only, never shown. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the data folder (0700) and the password file (0600) unless they are there; returns the file's path and whether it is new. */
export async function ensureAdminPassword(
  dataFolder: string,
): Promise<{ readonly path: string; readonly isNew: boolean }> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await chmod(dataFolder, 0o700);
  const path = join(dataFolder, 'admin-password');
  const password = randomBytes(18).toString('base64url');
  try {
    await writeFile(path, `${password}\n`, { flag: 'wx', mode: 0o600 });
    return { path, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { path, isNew: false };
  }
}
