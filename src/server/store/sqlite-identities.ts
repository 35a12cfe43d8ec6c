/** Identities at OIDC providers in SQL. */
import type { Kysely } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import type { IdentityStore } from './sign-in-store.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { Tables } from './tables.ts';

/** The table as an IdentityStore. */
export function sqliteIdentities(db: Kysely<Tables>): IdentityStore {
  return {
    async find(issuer, subject) {
      const row = await db
        .selectFrom('identities')
        .select('user_id')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row?.user_id;
    },
    async bind(issuer, subject, userId) {
      try {
        await db.insertInto('identities').values({ issuer, subject, user_id: userId }).execute();
      } catch (thrown) {
        if (!isUniqueViolation(thrown) && !isPrimaryKeyViolation(thrown)) throw thrown;
        throw new Fault('conflict', 'This identity has an account already', { cause: thrown });
      }
    },
    async isBound(userId) {
      const row = await db
        .selectFrom('identities')
        .select('user_id')
        .where('user_id', '=', userId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;

function isPrimaryKeyViolation(thrown: unknown): boolean {
  return (thrown as { errcode?: number } | null)?.errcode === SQLITE_CONSTRAINT_PRIMARYKEY;
}
