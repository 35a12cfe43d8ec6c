/** server.json in the data folder: which process serves it and where, for the second start and for `npm start`. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Announcement {
  readonly pid: number;
  /** https://127.0.0.1:9443 */
  readonly url: string;
  readonly instanceId: string;
}

/** Writes the file whole; disposing removes it. */
export async function announce(folder: string, told: Announcement): Promise<AsyncDisposable> {
  const file = join(folder, 'server.json');
  await writeFile(`${file}.new`, `${JSON.stringify(told)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return {
    async [Symbol.asyncDispose]() {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (text.includes(`"pid":${told.pid},`)) await rm(file, { force: true });
    },
  };
}
