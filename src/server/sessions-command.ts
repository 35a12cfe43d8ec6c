/** `fleet-server sessions rotate`: ends all sessions of a stopped server, for when its secret may be known to others. */
import { Command } from 'commander';
import { Fault } from '../protocol/fault.ts';
import { makeSessionSecret } from './fleet/sessions.ts';
import type { Store } from './store/store.ts';

export interface SessionTools {
  /** Rejects with a Fault when the folder is in use or holds no store. */
  readonly open: (folder: string) => Promise<Store>;
  readonly print: (line: string) => void;
}

/** The exit status: 0 done, 1 not done, 2 wrong words. */
export async function sessionsCommand(
  argv: readonly string[],
  { open, print }: SessionTools,
): Promise<number> {
  let folder: string | undefined;
  const program = new Command('fleet-server sessions').exitOverride();
  program
    .command('rotate')
    .description('make a new secret: nobody who is signed in stays so; API keys go on')
    .option('--data <folder>', "the stopped server's data folder", '/data')
    .action((options: { data: string }) => {
      folder = options.data;
    });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (thrown) {
    return (thrown as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  if (folder === undefined) {
    print('fleet-server sessions: say rotate.');
    return 2;
  }
  try {
    await using store = await open(folder);
    await makeSessionSecret(store.settings);
    print('All sessions have ended.');
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    print(thrown.message);
    if (thrown.code === 'data-in-use') print('While it runs: POST /api/fleet/sessions/rotate.');
    return 1;
  }
}
