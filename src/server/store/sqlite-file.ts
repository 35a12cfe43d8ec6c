/**
 * The database file of a data folder: opened, held by this process alone, brought to the newest schema.
 * The hold is SQLite's own exclusive lock, which the kernel drops with the process: nothing stale is left after a kill.
 */
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asFault, Fault } from '../../protocol/fault.ts';
import { MIGRATIONS } from './migrations/in-order.ts';

/** One prepared statement, as node:sqlite offers it. */
export interface SqlStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  columns(): unknown[];
}

/** The part of node:sqlite's DatabaseSync that we use. */
export interface SqlFile {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  close(): void;
}

type SqlFileClass = new (path: string) => SqlFile;

const CORE_SQLITE = 'node:sqlite';
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

async function loadSqlite(): Promise<SqlFileClass> {
  const core = await import(/* @vite-ignore */ CORE_SQLITE).catch(() => undefined);
  if (core !== undefined) return core.DatabaseSync as SqlFileClass;
  const addOn = await import('@photostructure/sqlite');
  return addOn.DatabaseSync as unknown as SqlFileClass;
}

const sqliteCodeOf = (thrown: unknown): number =>
  ((thrown as { errcode?: number; sqliteCode?: number } | null)?.errcode ?? 0) & 0xff;

async function whoHolds(folder: string): Promise<string> {
  try {
    const told = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as {
      pid?: unknown;
      url?: unknown;
    };
    return ` (process ${String(told.pid)}, ${String(told.url)})`;
  } catch {
    return '';
  }
}

const codeOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException).code ?? '';

/** Makes a folder and its parents. Node's own recursive mkdir never returns below /proc, where making a folder says ENOENT. */
async function makeFolder(folder: string, mayMakeParents = true): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return;
    if (codeOf(thrown) !== 'ENOENT' || !mayMakeParents) throw thrown;
    await makeFolder(dirname(folder));
    await makeFolder(folder, false);
  }
}

async function prepareFolder(folder: string, path: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    await chmod(folder, 0o700);
    const file = await open(path, 'a', 0o600);
    await file.chmod(0o600);
    await file.close();
  } catch (thrown) {
    throw asFault(
      thrown,
      'bad-settings',
      `The data folder ${folder} can't be made or written: ${(thrown as Error).message}. Give another one with --data.`,
    );
  }
}

/**
 * With its close() giving the lock back even while prepared statements wait to be collected: on Node 20 they keep the
 * connection alive, and with it the lock. Leaving WAL first is what SQLite asks for before it lets go of an exclusive lock.
 */
function closingFully(file: SqlFile): SqlFile {
  return {
    exec: (sql) => file.exec(sql),
    prepare: (sql) => file.prepare(sql),
    close() {
      try {
        file.exec('PRAGMA journal_mode = DELETE');
        file.exec('PRAGMA locking_mode = NORMAL');
        file.exec('SELECT count(*) FROM sqlite_schema');
      } finally {
        file.close();
      }
    },
  };
}

function hold(file: SqlFile): void {
  file.exec('PRAGMA locking_mode = EXCLUSIVE');
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = FULL');
  file.exec('PRAGMA foreign_keys = ON');
  // What was a secret before it was sealed or removed shall not lie in a free page.
  file.exec('PRAGMA secure_delete = ON');
  file.exec('BEGIN IMMEDIATE; COMMIT');
}

function versionOf(file: SqlFile): number {
  const [row] = file.prepare('PRAGMA user_version').all() as { user_version: number }[];
  return row?.user_version ?? 0;
}

/** Applies what is missing of `migrations`, each in a transaction of its own; Fault bad-settings for a newer file. */
export function migrate(file: SqlFile, path: string, migrations: readonly string[]): number {
  const found = versionOf(file);
  if (found > migrations.length) {
    throw new Fault(
      'bad-settings',
      `${path} was written by a newer fleet-server (schema ${found}; this program knows ${migrations.length}). Start that version, or give another folder with --data.`,
    );
  }
  migrations.slice(found).forEach((script, index) => {
    file.exec('BEGIN IMMEDIATE');
    try {
      file.exec(script);
      file.exec(`PRAGMA user_version = ${found + index + 1}`);
      file.exec('COMMIT');
    } catch (thrown) {
      file.exec('ROLLBACK');
      throw thrown;
    }
  });
  return migrations.length;
}

async function whyNotOpened(folder: string, path: string, thrown: unknown): Promise<unknown> {
  switch (sqliteCodeOf(thrown)) {
    case SQLITE_BUSY:
      return new Fault(
        'data-in-use',
        `Another fleet-server${await whoHolds(folder)} has the data folder ${folder} open. Stop it, or give another folder with --data.`,
        { cause: thrown },
      );
    case SQLITE_NOTADB:
      return new Fault(
        'bad-settings',
        `${path} is not a database of fleet-server. Move it away, or give another folder with --data.`,
        { cause: thrown },
      );
    default:
      return thrown;
  }
}

/**
 * Opens (or makes) fleet.db in `folder`; the folder gets mode 0700, the file 0600.
 * Faults: data-in-use when another process holds it, bad-settings when it can't be written or is from a newer program.
 */
export async function openSqliteFile(
  folder: string,
  migrations: readonly string[] = MIGRATIONS,
): Promise<{ file: SqlFile; schemaVersion: number }> {
  const path = join(folder, 'fleet.db');
  await prepareFolder(folder, path);
  const Database = await loadSqlite();
  const opened = new Database(path);
  try {
    hold(opened);
  } catch (thrown) {
    opened.close();
    throw await whyNotOpened(folder, path, thrown);
  }
  const file = closingFully(opened);
  try {
    return { file, schemaVersion: migrate(file, path, migrations) };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}
