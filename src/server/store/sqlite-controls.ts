/** Resource controls in SQL. Lists are JSON text in their columns. */
import type { Kysely, Selectable } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import type { ResourceControl } from '../../protocol/resource-control.ts';
import type { ControlStore } from './access-store.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['resource_controls']>;

const toRecord = (row: Row): ResourceControl => ({
  id: row.id,
  environmentId: row.environment_id,
  resourceId: row.resource_id,
  type: row.type,
  userIds: JSON.parse(row.user_ids),
  teamIds: JSON.parse(row.team_ids),
  isPublic: row.is_public === 1,
  administratorsOnly: row.administrators_only === 1,
  subResourceIds: JSON.parse(row.sub_resource_ids),
});

const toColumns = (control: Omit<ResourceControl, 'id'>): Omit<Row, 'id'> => ({
  environment_id: control.environmentId,
  resource_id: control.resourceId,
  type: control.type,
  user_ids: JSON.stringify(control.userIds),
  team_ids: JSON.stringify(control.teamIds),
  is_public: Number(control.isPublic),
  administrators_only: Number(control.administratorsOnly),
  sub_resource_ids: JSON.stringify(control.subResourceIds),
});

/** The table of resource controls as a ControlStore. */
export function sqliteControls(db: Kysely<Tables>): ControlStore {
  return {
    async list() {
      const rows = await db.selectFrom('resource_controls').selectAll().orderBy('id').execute();
      return rows.map(toRecord);
    },
    async insert(control) {
      const insert = db.insertInto('resource_controls').values(toColumns(control)).returningAll();
      try {
        return toRecord(await insert.executeTakeFirstOrThrow());
      } catch (thrown) {
        if (!isUniqueViolation(thrown)) throw thrown;
        throw new Fault('conflict', 'A resource control is already associated to this resource', {
          details: 'A resource control already exists for this resource.',
          cause: thrown,
        });
      }
    },
    async put(control) {
      const change = db.updateTable('resource_controls').set(toColumns(control));
      await change.where('id', '=', control.id).execute();
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await db.deleteFrom('resource_controls').where('id', 'in', ids).execute();
    },
  };
}
