/**
 * Around every vitest run: fresh programs in dist/, a mark on the run, and no engine left when it ends.
 * The mark is inherited by the workers; `test/support/engine.ts` puts it in front of every engine's name.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { rig } from './engine.ts';

/** Sets FLEET_TEST_RUN unless the caller did; the function returned is vitest's teardown. */
export function setup(): () => Promise<void> {
  try {
    execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 2, 2] });
  } catch {
    console.error('The build failed: tests of whole programs run an older build.');
  }
  // npm test marks its runs itself, and counts an engine left behind as a failure.
  if (process.env.FLEET_TEST_RUN !== undefined) return async () => {};
  process.env.FLEET_TEST_RUN = `t${randomBytes(2).toString('hex').slice(0, 3)}`;
  const mark = process.env.FLEET_TEST_RUN;
  return async () => {
    const hosts = await readdir('/run/rig').catch(() => []);
    const left = hosts.filter((name) => name.startsWith(mark));
    if (left.length > 0) await rig('engine', 'down', ...left);
  };
}
