/**
 * Around every vitest run: marks the run, and takes down the engines that a crashed test left behind.
 * The mark is inherited by the workers; `test/support/engine.ts` puts it in front of every engine's name.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { rig } from './engine.ts';

/** Sets FLEET_TEST_RUN unless the caller did; the function returned is vitest's teardown. */
export function setup(): () => Promise<void> {
  process.env.FLEET_TEST_RUN ??= `t${randomBytes(2).toString('hex').slice(0, 3)}`;
  const mark = process.env.FLEET_TEST_RUN;
  return async () => {
    const left = (await readdir('/run/rig').catch(() => [])).filter((name) =>
      name.startsWith(mark),
    );
    if (left.length > 0) await rig('engine', 'down', ...left);
  };
}
