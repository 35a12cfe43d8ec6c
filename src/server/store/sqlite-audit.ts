/** The audit trail in SQL: rows and the signed head that belongs to them, in one transaction. */
import type { Kysely, Selectable } from 'kysely';
import type { AuditRow, AuditStore } from './store.ts';
import type { Tables } from './tables.ts';

const HEAD = 'audit-head';

const toRow = ({ sequence, at_ms, entry, hash }: Selectable<Tables['audit']>): AuditRow => ({
  sequence,
  atMs: at_ms,
  entry,
  hash,
});

/** The table as an AuditStore. */
export function sqliteAudit(db: Kysely<Tables>): AuditStore {
  const rows = () => db.selectFrom('audit').selectAll();
  return {
    async head() {
      const kept = await db
        .selectFrom('settings')
        .select('value')
        .where('name', '=', HEAD)
        .executeTakeFirst();
      return kept?.value;
    },
    async last() {
      const row = await rows().orderBy('sequence', 'desc').limit(1).executeTakeFirst();
      return row && toRow(row);
    },
    async append(added, head) {
      const values = added.map(({ sequence, atMs, entry, hash }) => ({
        sequence,
        at_ms: atMs,
        entry,
        hash,
      }));
      await db.transaction().execute(async (within) => {
        await within.insertInto('audit').values(values).execute();
        await within
          .insertInto('settings')
          .values({ name: HEAD, value: head })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: head }))
          .execute();
      });
    },
    async after(sequence, limit) {
      const page = rows().where('sequence', '>', sequence).orderBy('sequence').limit(limit);
      return (await page.execute()).map(toRow);
    },
    async before(sequence, limit) {
      const page = rows().where('sequence', '<', sequence).orderBy('sequence', 'desc').limit(limit);
      return (await page.execute()).map(toRow);
    },
  };
}
