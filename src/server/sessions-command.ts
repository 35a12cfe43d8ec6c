/** `fleet-server sessions rotate`: ends all sessions of a stopped server, for when its secret may be known to others. */
import { Command } from 'commander';
import { forgetSessionSecret } from './fleet/sessions.ts';
import { type DataTools, onStoppedData } from './stopped-data.ts';

/** The exit status: 0 done, 1 not done, 2 wrong words. */
export async function sessionsCommand(argv: readonly string[], tools: DataTools): Promise<number> {
  let folder: string | undefined;
  const program = new Command('fleet-server sessions').exitOverride();
  program
    .command('rotate')
    .description(
      'drop the secret of all sessions: nobody who is signed in stays so; API keys go on',
    )
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
    tools.print('fleet-server sessions: say rotate.');
    return 2;
  }
  return await onStoppedData(tools, {
    folder,
    whileItRuns: 'POST /api/fleet/sessions/rotate',
    async run(store) {
      // A new one is made by the next start, which has the key to seal it with.
      await forgetSessionSecret(store.settings);
      tools.print('All sessions have ended.');
      return 0;
    },
  });
}
