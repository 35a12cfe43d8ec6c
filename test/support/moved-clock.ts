/** A clock of the day that a test moves for one program, while its timers and the time that passes stay right. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closing } from './closing.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface MovedClock {
  /** For the program, on top of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** So far from the machine's own from now on, in ms; the program follows within 20 ms. */
  set(byMs: number): Promise<void>;
}

export async function movedClock(closing: Closing): Promise<MovedClock> {
  const file = join(closing.use(await temporaryFolder()).path, 'off');
  const program = new URL('./programs/moved-clock.mjs', import.meta.url).href;
  return {
    env: { CLOCK_FILE: file, NODE_OPTIONS: `--import ${program}` },
    set: (byMs) => writeFile(file, String(byMs)),
  };
}
