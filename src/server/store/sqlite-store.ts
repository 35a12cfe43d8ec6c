/** The store in one SQLite file: WAL, a disk sync per commit, held by one process. */
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { sqliteAudit } from './sqlite-audit.ts';
import { sqliteBindings } from './sqlite-bindings.ts';
import { sqliteControls } from './sqlite-controls.ts';
import { copyDatabase } from './sqlite-copy.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { sqliteEnvironments, sqlitePins } from './sqlite-environments.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { sqliteGroups } from './sqlite-groups.ts';
import { sqliteIdentities } from './sqlite-identities.ts';
import { sqliteMaintenance } from './sqlite-maintenance.ts';
import { sqliteProblems } from './sqlite-problems.ts';
import { resealSqlite } from './sqlite-reseal.ts';
import { sqliteSecondFactors } from './sqlite-second-factors.ts';
import { sqliteTags } from './sqlite-tags.ts';
import { sqliteTeams } from './sqlite-teams.ts';
import { sqliteApiKeys, sqliteRevocations, sqliteUsers } from './sqlite-users.ts';
import type { SettingStore, Store } from './store.ts';
import type { Tables } from './tables.ts';

function sqliteSettings(db: Kysely<Tables>): SettingStore {
  return {
    async get(name) {
      const row = await db
        .selectFrom('settings')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.value;
    },
    async set(name, value) {
      await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}

/** Opens the store of a data folder; the faults of openSqliteFile. */
export async function openSqliteStore(folder: string): Promise<Store> {
  const { file, schemaVersion } = await openSqliteFile(folder);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(file) });
  const store: Store = {
    schemaVersion,
    settings: sqliteSettings(db),
    users: sqliteUsers(db),
    apiKeys: sqliteApiKeys(db),
    revocations: sqliteRevocations(db),
    secondFactors: sqliteSecondFactors(db),
    identities: sqliteIdentities(db),
    environments: sqliteEnvironments(db),
    pins: sqlitePins(db),
    bindings: sqliteBindings(db),
    tags: sqliteTags(db),
    problems: sqliteProblems(db),
    maintenance: sqliteMaintenance(db),
    teams: sqliteTeams(db),
    groups: sqliteGroups(db),
    controls: sqliteControls(db),
    audit: sqliteAudit(db),
    copyTo: (path) => copyDatabase(file, join(folder, 'fleet.db'), path),
    reseal: (change, keyCheck) => resealSqlite(db, change, keyCheck),
    async [Symbol.asyncDispose]() {
      // Kysely opens its driver at the first query only; without one, destroy() would leave the file open.
      await store.settings.get('instance-id');
      await db.destroy();
    },
  };
  return store;
}
