/** Tags in SQL. */
import type { Kysely } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { TagStore } from './store.ts';
import type { Tables } from './tables.ts';

/** The tag table as a TagStore. */
export function sqliteTags(db: Kysely<Tables>): TagStore {
  return {
    async list() {
      return await db.selectFrom('tags').selectAll().orderBy('id').execute();
    },
    async insert(name) {
      try {
        const insert = db.insertInto('tags').values({ name }).returningAll();
        return await insert.executeTakeFirstOrThrow();
      } catch (thrown) {
        if (!isUniqueViolation(thrown)) throw thrown;
        throw new Fault('conflict', 'This name is already associated to a tag', {
          details: 'A tag already exists with this name.',
          cause: thrown,
        });
      }
    },
    async remove(id) {
      await db.deleteFrom('tags').where('id', '=', id).execute();
    },
  };
}
