/** `fleet-server backup` of a stopped server's data and `fleet-server restore` into an empty folder. */
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { asFault, Fault } from '../protocol/fault.ts';
import {
  checkBackupPassword,
  makeBackup,
  putRestoredInPlace,
  unpackBackup,
} from './fleet/backup.ts';
import { type DataTools, onStoppedData } from './stopped-data.ts';

interface Options {
  readonly data: string;
  readonly passwordFile?: string;
  readonly recordings?: boolean;
}

const PASSWORD_WORDS =
  'FLEET_BACKUP_PASSWORD in the environment holds the password, or --password-file.';

function read(argv: readonly string[], name: string, what: string): [string, Options] | number {
  let found: [string, Options] | undefined;
  const program = new Command(`fleet-server ${name}`)
    .argument('<file>', what)
    .option('--data <folder>', "the server's data folder", '/data')
    .option('--password-file <file>', 'a file whose first line is the password')
    .addHelpText('after', `\n${PASSWORD_WORDS}`)
    .allowExcessArguments(false)
    .exitOverride()
    .action((file: string, options: Options) => {
      found = [resolve(file), options];
    });
  if (name === 'backup') program.option('--no-recordings', 'leave the recordings of sessions out');
  try {
    program.parse([...argv], { from: 'user' });
  } catch (thrown) {
    return (thrown as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  return found ?? 2;
}

async function passwordOf({ passwordFile }: Options): Promise<string> {
  const given = process.env['FLEET_BACKUP_PASSWORD'] ?? '';
  if (passwordFile === undefined) {
    if (given === '')
      throw new Fault('bad-settings', `A backup needs a password. ${PASSWORD_WORDS}`);
    return given;
  }
  const text = await readFile(passwordFile, 'utf8').catch((thrown: unknown) => {
    throw asFault(thrown, 'bad-settings', `--password-file ${passwordFile} can't be read.`);
  });
  const [line = ''] = text.split(/\r?\n/, 1);
  checkBackupPassword(line);
  return line;
}

/** The exit status: 0 written, 1 not written, 2 wrong words. */
export async function backupCommand(argv: readonly string[], tools: DataTools): Promise<number> {
  const words = read(argv, 'backup', 'to write; it must not exist');
  if (typeof words === 'number') return words;
  const [file, options] = words;
  const { data: dataFolder } = options;
  return await onStoppedData(tools, {
    folder: dataFolder,
    whileItRuns: 'an administrator sends POST /api/backup',
    run: async (store) => {
      const password = await passwordOf(options);
      const wish = { dataFolder, store, password, withRecordings: options.recordings !== false };
      const { archive, leftOut } = await makeBackup({ ...wish, nowMs: Date.now() });
      const out = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(archive, out).catch((thrown: unknown) => {
        throw asFault(thrown, 'bad-settings', `${file} can't be written, or is there already.`);
      });
      const less =
        leftOut > 0 ? ` Without the ${leftOut} oldest recordings: they have no room.` : '';
      tools.print(`The backup is in ${file}.${less}`);
      return 0;
    },
  });
}

/** The exit status: 0 restored, 1 not restored and nothing changed, 2 wrong words. */
export async function restoreCommand(
  argv: readonly string[],
  { print, schemaVersion }: Pick<DataTools, 'print'> & { readonly schemaVersion: number },
): Promise<number> {
  const words = read(argv, 'restore', 'a backup');
  if (typeof words === 'number') return words;
  const [file, options] = words;
  const { data: dataFolder } = options;
  try {
    const password = await passwordOf(options);
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    if (await isThere(join(dataFolder, 'fleet.db'))) {
      const sentence = `${dataFolder} holds a server already. Give an empty folder with --data.`;
      throw new Fault('bad-settings', sentence);
    }
    await unpackBackup(createReadStream(file), { dataFolder, password, schemaVersion });
    await putRestoredInPlace(dataFolder);
    print(`Restored into ${dataFolder}: start the server on it.`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    print([thrown.message, thrown.details ?? ''].join(' ').trim());
    await rm(join(dataFolder, 'restored.part'), { recursive: true, force: true });
    return 1;
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
