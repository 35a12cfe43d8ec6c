/** Users, their API keys and revoked session tokens in SQL. */
import type { Kysely, Selectable } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import type {
  ApiKeyRecord,
  ApiKeyStore,
  RevocationStore,
  RoleNumber,
  UserRecord,
  UserStore,
} from './store.ts';
import type { Tables } from './tables.ts';

const SQLITE_CONSTRAINT_UNIQUE = 2067;

/** True when the thrown value is SQLite's complaint about a UNIQUE column. */
export function isUniqueViolation(thrown: unknown): boolean {
  const error = thrown as { errcode?: number; message?: string } | null;
  return (
    error?.errcode === SQLITE_CONSTRAINT_UNIQUE ||
    (error?.message ?? '').includes('UNIQUE constraint failed')
  );
}

const nameTaken = (thrown: unknown): unknown =>
  isUniqueViolation(thrown)
    ? new Fault('conflict', 'User already exists', {
        details: 'Another user has that name; names are compared without regard to case.',
        cause: thrown,
      })
    : thrown;

function toUser(row: Selectable<Tables['users']>): UserRecord {
  return {
    id: row.id,
    username: row.username,
    passwordHash: row.password_hash,
    role: row.role as RoleNumber,
    tokensValidFromS: row.tokens_valid_from,
  };
}

function userColumns(change: Partial<Omit<UserRecord, 'id'>>) {
  return {
    ...(change.username !== undefined && {
      username: change.username,
      username_key: change.username.toLowerCase(),
    }),
    ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
    ...(change.role !== undefined && { role: change.role }),
    ...(change.tokensValidFromS !== undefined && { tokens_valid_from: change.tokensValidFromS }),
  };
}

/** The user table as a UserStore. */
export function sqliteUsers(db: Kysely<Tables>): UserStore {
  const all = () => db.selectFrom('users').selectAll();
  return {
    list: async () => (await all().orderBy('id').execute()).map(toUser),
    async get(id) {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row && toUser(row);
    },
    async findByName(username) {
      const row = await all().where('username_key', '=', username.toLowerCase()).executeTakeFirst();
      return row && toUser(row);
    },
    async insert(user) {
      const values = {
        username: user.username,
        username_key: user.username.toLowerCase(),
        password_hash: user.passwordHash,
        role: user.role,
        tokens_valid_from: user.tokensValidFromS,
      };
      try {
        return toUser(
          await db.insertInto('users').values(values).returningAll().executeTakeFirstOrThrow(),
        );
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async update(id, change) {
      try {
        await db.updateTable('users').set(userColumns(change)).where('id', '=', id).execute();
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async replaceHash(id, from, to) {
      await db
        .updateTable('users')
        .set({ password_hash: to })
        .where('id', '=', id)
        .where('password_hash', '=', from)
        .execute();
    },
    async remove(id) {
      await db.deleteFrom('users').where('id', '=', id).execute();
    },
    async countAdministrators() {
      const row = await db
        .selectFrom('users')
        .select((with_) => with_.fn.countAll<number>().as('count'))
        .where('role', '=', 1)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}

function toApiKey(row: Selectable<Tables['api_keys']>): ApiKeyRecord {
  return {
    id: row.id,
    userId: row.user_id,
    description: row.description,
    prefix: row.prefix,
    digest: row.digest,
    dateCreated: row.date_created,
    lastUsed: row.last_used,
    expiresAt: row.expires_at,
    environmentIds: row.environment_ids === null ? null : JSON.parse(row.environment_ids),
    roleId: row.role_id,
  };
}

/** The API key table as an ApiKeyStore. */
export function sqliteApiKeys(db: Kysely<Tables>): ApiKeyStore {
  const all = () => db.selectFrom('api_keys').selectAll();
  return {
    listOf: async (userId) =>
      (await all().where('user_id', '=', userId).orderBy('id').execute()).map(toApiKey),
    async findByDigest(digest) {
      const row = await all().where('digest', '=', digest).executeTakeFirst();
      return row && toApiKey(row);
    },
    async insert(key) {
      const values = {
        user_id: key.userId,
        description: key.description,
        prefix: key.prefix,
        digest: key.digest,
        date_created: key.dateCreated,
        last_used: key.lastUsed,
        expires_at: key.expiresAt,
        environment_ids: key.environmentIds && JSON.stringify(key.environmentIds),
        role_id: key.roleId,
      };
      return toApiKey(
        await db.insertInto('api_keys').values(values).returningAll().executeTakeFirstOrThrow(),
      );
    },
    async markUsed(id, atS) {
      await db.updateTable('api_keys').set({ last_used: atS }).where('id', '=', id).execute();
    },
    async remove(id) {
      await db.deleteFrom('api_keys').where('id', '=', id).execute();
    },
  };
}

/** The table of signed-out tokens as a RevocationStore. */
export function sqliteRevocations(db: Kysely<Tables>): RevocationStore {
  return {
    async listValid(nowS) {
      await db.deleteFrom('revocations').where('expires_at', '<=', nowS).execute();
      const rows = await db.selectFrom('revocations').select('token_id').execute();
      return rows.map((row) => row.token_id);
    },
    async insert(tokenId, expiresAtS) {
      await db
        .insertInto('revocations')
        .values({ token_id: tokenId, expires_at: expiresAtS })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
