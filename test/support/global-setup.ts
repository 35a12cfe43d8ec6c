/**
 * Around every vitest run: fresh programs in dist/, a mark on the run, and no engine left when it ends.
 * The mark is inherited by the workers; `test/support/engine.ts` puts it in front of every engine's name.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rig } from './engine.ts';

/** Sets FLEET_TEST_RUN unless the caller did; the function returned is vitest's teardown. */
export function setup(): () => Promise<void> {
  try {
    execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 2, 2] });
  } catch {
    console.error('The build failed: tests of whole programs run an older build.');
  }
  const judge = judgeAtEnd();
  // npm test marks its runs itself, and counts an engine left behind as a failure.
  if (process.env.FLEET_TEST_RUN !== undefined) return judge;
  process.env.FLEET_TEST_RUN = `t${randomBytes(2).toString('hex').slice(0, 3)}`;
  const mark = process.env.FLEET_TEST_RUN;
  return async () => {
    const hosts = await readdir('/run/rig').catch(() => []);
    const left = hosts.filter((name) => name.startsWith(mark));
    if (left.length > 0) await rig('engine', 'down', ...left);
    await judge();
  };
}

/** Has what the programs print gathered, and fails the run when a secret is among it; npm test does both itself. */
function judgeAtEnd(): () => Promise<void> {
  if (process.env.FLEET_TEST_TOLD !== undefined) return async () => {};
  const folder = mkdtempSync(join(tmpdir(), 'fleet-told-'));
  process.env.FLEET_TEST_TOLD = folder;
  return async () => {
    const path = '../../scripts/leaks.mjs';
    const { findLeaks } = (await import(path)) as { findLeaks(folder: string): string[] };
    const leaks = findLeaks(folder);
    await rm(folder, { recursive: true, force: true });
    if (leaks.length === 0) return;
    process.exitCode = 1;
    throw new Error(`Secrets were printed:\n  ${leaks.join('\n  ')}`);
  };
}
