/** `fleet-server audit verify|export`: the audit trail of a stopped server or of a copy of its data folder. */
import { createPublicKey } from 'node:crypto';
import { Command } from 'commander';
import { Fault } from '../protocol/fault.ts';
import { secretIn } from '../protocol/secret.ts';
import { verifyTrail } from './fleet/audit-chain.ts';
import { AUDIT_CSV_HEAD, auditCsv, auditJson } from './fleet/audit-line.ts';
import { ownKey } from './sealed-parts.ts';
import type { Store } from './store/store.ts';

const PAGE = 1_000;
type Print = (text: string) => void;

export interface AuditTools {
  /** Rejects with a Fault when the folder is in use or holds no store. */
  readonly open: (folder: string) => Promise<Store>;
  readonly print: Print;
}

async function exportTrail(store: Store, format: 'jsonl' | 'csv', print: Print): Promise<number> {
  if (format === 'csv') print(AUDIT_CSV_HEAD);
  const lineOf = format === 'csv' ? auditCsv : auditJson;
  for (let after = 0; ; ) {
    const page = await store.audit.after(after, PAGE);
    for (const row of page) print(lineOf(row));
    if (page.length < PAGE) return 0;
    after = page.at(-1)?.sequence ?? after;
  }
}

interface Place {
  readonly dataFolder: string;
  readonly secretKeyFile?: string | undefined;
}

async function verify(store: Store, place: Place, print: Print): Promise<number> {
  const secretKey = secretIn(process.env['FLEET_SECRET_KEY']);
  const { dataFolder, secretKeyFile } = place;
  const key = await ownKey({ dataFolder, secretKey, secretKeyFile }, store.settings);
  const verdict = await verifyTrail(store.audit, createPublicKey(key));
  print(verdict.isSound ? `The audit trail is whole: ${verdict.rows} rows.` : verdict.why);
  return verdict.isSound ? 0 : 1;
}

/** The exit status: 0 whole or written, 1 not whole or not to be read, 2 wrong words. Prints lines without their ends. */
export async function auditCommand(
  argv: readonly string[],
  { open, print }: AuditTools,
): Promise<number> {
  let run: ((store: Store) => Promise<number>) | undefined;
  let folder = '';
  const program = new Command('fleet-server audit').exitOverride();
  const data = ['--data <folder>', "the server's data folder, or a copy of it", '/data'] as const;
  program
    .command('verify')
    .description('whether no row was changed, removed or added by others')
    .option(...data)
    .option('--secret-key-file <file>', 'where the secret key lies, if not in that folder')
    .action(({ data: dataFolder, secretKeyFile }: { data: string; secretKeyFile?: string }) => {
      folder = dataFolder;
      run = (store) => verify(store, { dataFolder, secretKeyFile }, print);
    });
  program
    .command('export')
    .description('all rows, oldest first')
    .option(...data)
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .action((options) => {
      folder = options.data;
      if (options.format !== 'jsonl' && options.format !== 'csv') return;
      run = (store) => exportTrail(store, options.format, print);
    });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (thrown) {
    return (thrown as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  if (!run) {
    print('fleet-server audit: say verify, or export with --format jsonl or csv.');
    return 2;
  }
  try {
    await using store = await open(folder);
    return await run(store);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    print(thrown.message);
    return 1;
  }
}
