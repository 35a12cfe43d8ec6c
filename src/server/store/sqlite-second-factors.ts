/** Second factors and recovery codes in SQL. */
import type { Kysely } from 'kysely';
import type { SecondFactorStore } from './sign-in-store.ts';
import type { Tables } from './tables.ts';

/** The two tables as a SecondFactorStore. */
export function sqliteSecondFactors(db: Kysely<Tables>): SecondFactorStore {
  const change = (userId: number) => db.updateTable('second_factors').where('user_id', '=', userId);
  return {
    async get(userId) {
      const row = await db
        .selectFrom('second_factors')
        .selectAll()
        .where('user_id', '=', userId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { secret, confirmed_at: confirmedAt, last_step: lastStep } = row;
      return { userId, secret, confirmedAt, lastStep };
    },
    async listConfirmed() {
      const rows = await db
        .selectFrom('second_factors')
        .select('user_id')
        .where('confirmed_at', 'is not', null)
        .execute();
      return rows.map(({ user_id: userId }) => userId);
    },
    async begin(userId, secret) {
      const fresh = { secret, confirmed_at: null, last_step: 0 };
      await db
        .insertInto('second_factors')
        .values({ user_id: userId, ...fresh })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(fresh))
        .execute();
    },
    async confirm(userId, atS) {
      await change(userId).set({ confirmed_at: atS }).execute();
    },
    async useStep(userId, step) {
      const { numUpdatedRows } = await change(userId)
        .set({ last_step: step })
        .where('last_step', '<', step)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    ...recoveryCodes(db),
    async remove(userId) {
      await db.deleteFrom('second_factors').where('user_id', '=', userId).execute();
    },
  };
}

type CodeDeed = 'putRecoveryCodes' | 'countRecoveryCodes' | 'useRecoveryCode';

function recoveryCodes(db: Kysely<Tables>): Pick<SecondFactorStore, CodeDeed> {
  return {
    async putRecoveryCodes(userId, digests) {
      const rows = digests.map((digest) => ({ user_id: userId, digest }));
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
        await transaction.insertInto('recovery_codes').values(rows).execute();
      });
    },
    async countRecoveryCodes(userId) {
      const row = await db
        .selectFrom('recovery_codes')
        .select((with_) => with_.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async useRecoveryCode(userId, digest) {
      const { numDeletedRows } = await db
        .deleteFrom('recovery_codes')
        .where('user_id', '=', userId)
        .where('digest', '=', digest)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
