/** Groups of environments in SQL. Lists and maps are JSON text in their columns. */
import type { Kysely, Selectable } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import type { GroupRecord, GroupStore } from './access-store.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['environment_groups']>;

const toRecord = (row: Row): GroupRecord => ({
  id: row.id,
  name: row.name,
  description: row.description,
  userAccessPolicies: JSON.parse(row.user_access_policies),
  teamAccessPolicies: JSON.parse(row.team_access_policies),
  tagIds: JSON.parse(row.tag_ids),
});

const toColumns = (group: Omit<GroupRecord, 'id'>): Omit<Row, 'id'> => ({
  name: group.name,
  description: group.description,
  user_access_policies: JSON.stringify(group.userAccessPolicies),
  team_access_policies: JSON.stringify(group.teamAccessPolicies),
  tag_ids: JSON.stringify(group.tagIds),
});

function nameTaken(thrown: unknown): unknown {
  if (!isUniqueViolation(thrown)) return thrown;
  const details = 'Another environment group has that name.';
  return new Fault('conflict', 'Environment group name must be unique', { details, cause: thrown });
}

/** The group table as a GroupStore. */
export function sqliteGroups(db: Kysely<Tables>): GroupStore {
  return {
    async list() {
      const rows = await db.selectFrom('environment_groups').selectAll().orderBy('id').execute();
      return rows.map(toRecord);
    },
    async insert(group) {
      const insert = db.insertInto('environment_groups').values(toColumns(group)).returningAll();
      try {
        return toRecord(await insert.executeTakeFirstOrThrow());
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async put(group) {
      const change = db.updateTable('environment_groups').set(toColumns(group));
      try {
        await change.where('id', '=', group.id).execute();
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async remove(id) {
      await db.deleteFrom('environment_groups').where('id', '=', id).execute();
    },
  };
}
