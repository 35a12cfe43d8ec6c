/** Programs of Debian that we are measured beside, installed when they are not there. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs the package unless the file is there; rejects with what is missing: no root, no network, no Debian. */
export async function aptInstall(name: string, file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) return;
  console.log(`  installing ${name} …`);
  // With this run level its own daemon is not started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['-qq', 'update'], { env });
  const wish = ['-y', '-qq', '--no-install-recommends', 'install', name];
  await run('apt-get', wish, { env, maxBuffer: 1 << 26 });
}
