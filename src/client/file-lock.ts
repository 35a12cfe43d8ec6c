/** A lock between processes: a file that only one of them manages to create. One left behind by a crash is taken over after 5 s. */
import { open, rename, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../protocol/fault.ts';

const STALE_AFTER_MS = 5_000;
const GIVE_UP_AFTER_MS = 10_000;

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code;

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Renaming first lets only one of several waiting processes throw the old lock away. */
async function dropStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || Date.now() - found.mtimeMs < STALE_AFTER_MS) return;
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).then(
    () => unlink(aside),
    () => undefined,
  );
}

/** Runs `work` while holding the lock file at `path`; Fault data-in-use when it can't be had within 10 s. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  while (!(await create(path))) {
    if (Date.now() > deadline)
      throw new Fault(
        'data-in-use',
        `Another process keeps ${path} locked; remove that file if no other fleet-tui runs.`,
      );
    await dropStale(path);
    await sleep(10 + Math.random() * 20);
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}
