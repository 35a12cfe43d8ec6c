/** Maintenance in SQL, a row for each environment that is worked on. */
import type { Kysely } from 'kysely';
import type { MaintenanceStore } from './store.ts';
import type { Tables } from './tables.ts';

/** The table of maintenance as a MaintenanceStore. */
export function sqliteMaintenance(db: Kysely<Tables>): MaintenanceStore {
  return {
    async list() {
      const rows = await db.selectFrom('maintenance').selectAll().execute();
      return rows.map(({ environment_id, since_ms, until_ms, by_name, why }) => ({
        environmentId: environment_id,
        maintenance: { sinceMs: since_ms, untilMs: until_ms, by: by_name, why },
      }));
    },
    async put(environmentId, { sinceMs, untilMs, by, why }) {
      const times = { since_ms: sinceMs, until_ms: untilMs };
      const row = { environment_id: environmentId, ...times, by_name: by, why };
      await db
        .insertInto('maintenance')
        .values(row)
        .onConflict((conflict) => conflict.column('environment_id').doUpdateSet(row))
        .execute();
    },
    async remove(environmentId) {
      await db.deleteFrom('maintenance').where('environment_id', '=', environmentId).execute();
    },
  };
}
