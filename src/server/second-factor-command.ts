/** `fleet-server second-factor remove NAME`: for the only administrator who has lost phone and recovery codes. */
import { Command } from 'commander';
import { type DataTools, onStoppedData } from './stopped-data.ts';

/** The exit status: 0 done, 1 not done, 2 wrong words. */
export async function secondFactorCommand(
  argv: readonly string[],
  tools: DataTools,
): Promise<number> {
  let wanted: { readonly name: string; readonly folder: string } | undefined;
  const program = new Command('fleet-server second-factor').exitOverride();
  program
    .command('remove')
    .argument('<name>', 'of the account')
    .description('let an account in by its password alone')
    .option('--data <folder>', "the stopped server's data folder", '/data')
    .action((name: string, options: { data: string }) => {
      wanted = { name, folder: options.data };
    });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (thrown) {
    return (thrown as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  if (wanted === undefined) {
    tools.print('fleet-server second-factor: say remove and a name.');
    return 2;
  }
  const { name, folder } = wanted;
  return await onStoppedData(tools, {
    folder,
    whileItRuns: 'an administrator sends DELETE /api/fleet/users/{id}/second-factor',
    async run(store) {
      const user = await store.users.findByName(name);
      if (user !== undefined) await store.secondFactors.remove(user.id);
      tools.print(user ? `${user.username} signs in by password alone.` : `Nobody is ${name}.`);
      return user ? 0 : 1;
    },
  });
}
