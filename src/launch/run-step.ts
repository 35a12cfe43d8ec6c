/** Runs one program of the system as a step of the start: its words are shown, its failure is a value. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface StepOptions {
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
}

/** Exit status of the program, its output on our stderr; undefined when it could not run, was killed or took too long. */
export async function runStep(
  command: readonly [string, ...string[]],
  options: StepOptions,
): Promise<number | undefined> {
  const [file, ...args] = command;
  return await new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 2, 2],
      env: options.env ?? process.env,
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]),
    });
    child.once('error', () => resolve(undefined));
    child.once('close', (status) => resolve(status ?? undefined));
  });
}

/** The first executable of that name on PATH or in the administrator's folders. */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const folder of folders.filter((path) => path !== '')) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
