/** Teams and memberships in SQL. */
import type { Kysely, Selectable } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { MembershipRecord, TeamRole, TeamStore } from './store.ts';
import type { Tables } from './tables.ts';

const taken = (thrown: unknown, message: string, details: string): unknown =>
  isUniqueViolation(thrown) ? new Fault('conflict', message, { details, cause: thrown }) : thrown;

const nameTaken = (thrown: unknown): unknown =>
  taken(thrown, 'Team already exists', 'Another team has that name.');

const toMembership = (row: Selectable<Tables['team_memberships']>): MembershipRecord => ({
  id: row.id,
  userId: row.user_id,
  teamId: row.team_id,
  role: row.role as TeamRole,
});

/** The two tables as a TeamStore. */
export function sqliteTeams(db: Kysely<Tables>): TeamStore {
  const memberships = () => db.selectFrom('team_memberships').selectAll();
  return {
    list: async () => await db.selectFrom('teams').selectAll().orderBy('id').execute(),
    async insert(name) {
      try {
        const insert = db.insertInto('teams').values({ name }).returningAll();
        return await insert.executeTakeFirstOrThrow();
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async rename(id, name) {
      try {
        await db.updateTable('teams').set({ name }).where('id', '=', id).execute();
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async remove(id) {
      await db.deleteFrom('teams').where('id', '=', id).execute();
    },
    listMemberships: async () => (await memberships().orderBy('id').execute()).map(toMembership),
    async insertMembership({ userId, teamId, role }) {
      const values = { user_id: userId, team_id: teamId, role };
      try {
        const insert = db.insertInto('team_memberships').values(values).returningAll();
        return toMembership(await insert.executeTakeFirstOrThrow());
      } catch (thrown) {
        const message = 'Team membership already registered';
        throw taken(thrown, message, 'The user is in that team already.');
      }
    },
    async changeMembership(id, role) {
      await db.updateTable('team_memberships').set({ role }).where('id', '=', id).execute();
    },
    async removeMembership(id) {
      await db.deleteFrom('team_memberships').where('id', '=', id).execute();
    },
  };
}
