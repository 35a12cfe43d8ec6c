/** Passwords and secrets come from files or the terminal, never from the command line, which every account can read. */
import { readFile } from 'node:fs/promises';
import { asFault, Fault } from '../protocol/fault.ts';

/** The file's text without its last line end; `what` names it in the sentence of Fault bad-settings. */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw asFault(
      error,
      'bad-settings',
      `Can't read the ${what} file ${path} (${error.code}); check the path and its mode.`,
    );
  });
  const secret = text.replace(/\r?\n$/, '');
  if (secret) return secret;
  throw new Fault('bad-settings', `The ${what} file ${path} is empty.`);
}
