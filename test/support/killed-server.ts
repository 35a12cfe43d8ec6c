/** A server that is killed again and again in the middle of its writes, and looked at each time before and after it comes back. */
import { fileURLToPath } from 'node:url';
import { Closing } from './closing.ts';
import { runCommand } from './run-command.ts';
import { seededRandom } from './seeded-random.ts';
import { startServer } from './server.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { WriteStorm } from './write-storm.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/fleet-server.js', import.meta.url));

export interface KillReport {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Acknowledged and not there, or not as acknowledged. */
  readonly missing: readonly string[];
  /** What `fleet-server audit verify` said where the trail was not whole. */
  readonly broken: readonly string[];
  /** Rows of changes that ended well in the audit trail. */
  readonly audited: number;
}

/** Kills it after about `perRound` acknowledged changes each round, until there are `rounds` of them and `acks` in all. */
export async function killAgainAndAgain(wish: {
  readonly seed: number;
  readonly rounds: number;
  readonly perRound: number;
  readonly acks: number;
}): Promise<KillReport> {
  const closing = new Closing();
  try {
    const random = seededRandom(wish.seed);
    const { path: dataFolder } = closing.use(await temporaryFolder());
    const storm = new WriteStorm(random);
    const missing: string[] = [];
    const broken: string[] = [];
    let rounds = 0;
    for (; rounds < wish.rounds || storm.acknowledged < wish.acks; rounds += 1) {
      await using server = await startServer({ dataFolder, args: ['--log-level', 'warn'] });
      missing.push(...(await storm.missing(server)));
      await storm.until(server, 1 + random(2 * wish.perRound));
      const { code, stdout } = await audit(dataFolder, 'verify');
      if (code !== 0) broken.push(`round ${rounds}: ${stdout}`);
    }
    await using last = await startServer({ dataFolder });
    missing.push(...(await storm.missing(last)));
    await last[Symbol.asyncDispose]();
    const { stdout } = await audit(dataFolder, 'export');
    return {
      rounds,
      acknowledged: storm.acknowledged,
      missing,
      broken,
      audited: changesIn(stdout),
    };
  } finally {
    await closing.close();
  }
}

const audit = (folder: string, word: string) =>
  runCommand(process.execPath, [PROGRAM, 'audit', word, '--data', folder]);

function changesIn(lines: string): number {
  const rows = lines.split('\n').filter((line) => line !== '');
  return rows
    .map((line) => JSON.parse(line) as { path: string; status: number; method: string })
    .filter(({ path, status }) => /^\/api\/(tags|teams|users)/.test(path) && status < 300).length;
}
